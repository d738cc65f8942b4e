"""Authored scripts become stubs, strictly."""

from textwrap import dedent

import pytest
from small_kit import SOLUTION, STUB

from autograder.authoring.regions import stub
from autograder.errors import UserError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def fault(text: str, graded: tuple[str, ...] = ()) -> str:
    with pytest.raises(UserError) as caught:
        stub(dedent(text), "solutions/e.py", graded)
    return str(caught.value)


def test_stub_is_the_script_with_each_region_as_one_line() -> None:
    assert stub(SOLUTION, "solutions/e.py", ("double", "half")) == STUB


def test_stub_has_unix_line_ends_and_no_byte_order_mark() -> None:
    assert stub("\ufeff" + SOLUTION.replace("\n", "\r\n"), "solutions/e.py") == STUB


def test_stub_keeps_code_around_a_region_and_its_indentation() -> None:
    text = f"""\
    def train(batches):
        total = 0
        for batch in batches:
            {BEGIN}
            total += batch

            total += 1
            {END}
        return total
    """
    assert stub(dedent(text), "solutions/e.py") == dedent("""\
    def train(batches):
        total = 0
        for batch in batches:
            raise NotImplementedError("train is not written yet")
        return total
    """)


def test_stub_names_the_innermost_function() -> None:
    text = f"""\
    class Layer:
        async def forward(self, x):
            {BEGIN}
            return x
            {END}
    """
    assert 'raise NotImplementedError("forward is not written yet")' in stub(dedent(text), "solutions/e.py")


def test_stub_closes_the_gap_under_a_header_and_at_the_end() -> None:
    text = f"def f(x):\n\n    {BEGIN}\n\n    return x\n\n    {END}\n\n\n\n"
    assert stub(text, "solutions/e.py") == 'def f(x):\n    raise NotImplementedError("f is not written yet")\n'


def test_stub_keeps_the_blank_line_under_a_docstring_and_lines_of_other_functions() -> None:
    text = f'def f(x):\n    """Return x."""\n\n    {BEGIN}\n    return x\n    {END}\n\n\ndef g():\n\n    pass\n'
    written = stub(text, "solutions/e.py")
    assert written.startswith('def f(x):\n    """Return x."""\n\n    raise ')
    assert written.endswith("\n\n\ndef g():\n\n    pass\n")


@pytest.mark.parametrize(
    ("lines", "line", "what"),
    [
        ((BEGIN, "return x"), 2, "never closed"),
        (("return x", END), 3, "no region is open"),
        ((BEGIN, "return x", END, END), 5, "no region is open"),
        ((BEGIN, "y = x", BEGIN, "return y", END, END), 4, "inside the region of line 2"),
        (("pass", BEGIN, END), 3, "holds no statement"),
        (("pass", BEGIN, "# to do", END), 3, "holds no statement"),
        ((BEGIN, '"""Return x."""', "return x", END), 2, "hides the docstring"),
        (("  " + BEGIN, "return x", END), 2, "not in line"),
        ((BEGIN, "return x", "  " + END), 4, "not in line"),
        (("if x:", "    y = 1", BEGIN, "else:", "    y = 2", END, "return y"), 4, "not in line"),
        ((BEGIN, "y = 1", "if y:", END, "    y = 2"), 2, "cuts a block in two"),
        (("if x:", f"    {BEGIN}", "    y = 1", "else:", "    y = 2", f"    {END}"), 3, "cuts a block in two"),
        (("y = (", BEGIN, "x", END, ")"), 3, "holds no statement"),
    ],
)
def test_misplaced_regions_are_refused_at_their_line(lines: tuple[str, ...], line: int, what: str) -> None:
    text = "def f(x):\n" + "".join(f"    {each}\n" for each in lines)
    assert fault(text).startswith(f"solutions/e.py:{line}: ")
    assert what in fault(text)
    assert ";" in fault(text)


def test_region_outside_a_function_is_refused() -> None:
    for text in (f"{BEGIN}\nx = 1\n{END}\n", f"class A:\n    {BEGIN}\n    x = 1\n    {END}\n"):
        assert "outside a function" in fault(text)


@pytest.mark.parametrize(
    "marker",
    [
        "### BEGIN SOLUTON",
        "### BEGN SOLUTION",
        "### BEGIN  SOLUTION",
        "### BEGIN SOLUTION:",
        "### begin solution",
        "### Begin Solution",
        "### begin soluton",
        "## BEGIN SOLUTION",
        "# BEGIN SOLUTION",
        "#### BEGIN SOLUTION",
        "###BEGIN SOLUTION",
        "### BEGINSOLUTION",
        "### BEGIN_SOLUTION",
        "### BEGIN",
        "### BEGIN ANSWER",
        "### SOLUTION BEGIN",
        "# SOLUTION",
        "# SOLUTOIN starts here",
        "# the solution follows",
        "x = 1  ### BEGIN SOLUTION",
        "x = 1  # solution",
        '"""### BEGIN SOLUTION"""',
    ],
)
def test_what_was_meant_as_a_marker_is_refused(marker: str) -> None:
    ending = marker.replace("BEGIN", "END").replace("Begin", "End").replace("begin", "end").replace("BEGN", "EDN")
    text = f"def f(x):\n    {marker}\n    return 41 + 1\n    {ending}\n"
    assert fault(text).startswith("solutions/e.py:2: looks like a marker but is none")


@pytest.mark.parametrize(
    "comment",
    ["# At the end of an epoch", "# ## The end", "# Begin with `predict`.", "# x begins at 1", "# Resolution"],
)
def test_prose_is_no_marker(comment: str) -> None:
    assert comment in stub(f"{comment}\n{SOLUTION}", "solutions/e.py")


def test_every_definition_of_a_graded_function_needs_a_region() -> None:
    assert "e.py:9: double is graded and has no region" in fault(
        "# 1\n" + "\n" * 7 + "def double(x): return x\n", ("double",)
    )
    assert "double is graded" in fault(SOLUTION + "\n\ndef double(x):\n    return 2 * x\n", ("double",))
    assert "no function twice" in fault(SOLUTION, ("twice",))


def test_helper_with_a_region_does_not_stand_for_the_graded_function() -> None:
    text = (
        f"def f(x):\n    return x\n\n\nclass A:\n    def f(self):\n        {BEGIN}\n        return 1\n        {END}\n"
    )
    assert "e.py:1: f is graded and has no region" in fault(text, ("f",))


def test_script_or_stub_that_is_no_python_is_refused_at_its_line() -> None:
    assert fault("x = 1\ndef f(:\n").startswith("solutions/e.py:2: not valid Python")
    text = f"""\
    def f(x):
        {BEGIN}
        count = 0
        count += 1
        {END}

        def g():
            nonlocal count
    """
    assert fault(text).startswith("solutions/e.py:8: the stub would not be valid Python")
