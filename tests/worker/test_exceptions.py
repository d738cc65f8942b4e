"""A student's exception as plain data: type, text, and the lines that are the student's own."""

import linecache

import pytest

from autograder.worker.exceptions import MAX_ERROR_TEXT, MAX_TRACE, described
from autograder.worker.wire import pack

FILES = {"<cell 1>": "cell 1"}


def reported(code: str) -> dict:
    """The report on the exception of some code of a student's."""
    linecache.cache["<cell 1>"] = (len(code), None, code.splitlines(keepends=True), "<cell 1>")
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - whatever the code raises
        exec(compile(code, "<cell 1>", "exec", dont_inherit=True), {})
    report = described(caught.value, FILES)
    pack(report)
    return report


def test_only_the_students_own_lines_are_told():
    report = reported("import json\ndef f(text):\n    return json.loads(text)\nf('{')\n")
    assert report["trace"] == [["cell 1", 4, "<module>", "f('{')"], ["cell 1", 3, "f", "return json.loads(text)"]]
    assert report["type"] == "JSONDecodeError"


def test_of_a_recursion_the_innermost_lines_are_told():
    report = reported("def f(n): f(n + 1)\nf(0)")
    assert report["trace"] == [["cell 1", 1, "f", "def f(n): f(n + 1)"]] * MAX_TRACE


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        ("raise ValueError('no')", "ValueError", "no"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("class E(NotImplementedError): pass\nraise E('later')", "NotImplementedError", "later"),
        ("raise MemoryError", "MemoryError", "it wants more memory than there is for it"),
        ("raise RuntimeError('DefaultCPUAllocator: 8 GB')", "MemoryError", "it wants more memory than there is for it"),
        ("class E(Exception):\n    def __str__(self): exit()\nraise E", "E", "(an exception that cannot be shown)"),
        ("raise ValueError('x' * 10**6)", "ValueError", "x" * MAX_ERROR_TEXT),
        ("open('/missing/file')", "FileNotFoundError", "there is no '/missing/file' while grading; "),
    ],
)
def test_type_and_text(code, kind, text):
    report = reported(code)
    assert report["type"] == kind
    assert report["text"].startswith(text)
    assert len(report["text"]) <= MAX_ERROR_TEXT
    assert "syntax" not in report


@pytest.mark.parametrize(
    ("code", "kind", "column"),
    [("x = 1\ny = (1 2)\n", "SyntaxError", 6), ("x = 1\n  y = 2\n", "IndentationError", None)],
)
def test_a_syntax_error_has_its_place(code, kind, column):
    report = reported(code)
    line, found, text = report["syntax"]
    assert (report["type"], line, text) == (kind, 2, code.splitlines(keepends=True)[1])
    assert column in (found, None)


def test_a_syntax_error_of_another_file_has_none():
    assert "syntax" not in reported("compile('x = = 1', '<elsewhere>', 'exec')")


@pytest.mark.parametrize(
    ("error", "without"),
    [
        (ModuleNotFoundError("No module named 'exercise2'", name="exercise2"), "exercise2"),
        (ModuleNotFoundError("No module named 'solutions'", name="solutions"), "solutions"),
        (ImportError("cannot import name 'loss' from 'exercise1' (/tmp/x)", name="exercise1"), "exercise1"),
        (ImportError("attempted relative import with no known parent package"), "other files"),
    ],
)
def test_an_import_of_another_exercise_is_told_that_a_submission_comes_alone(error, without):
    said = f"a submission comes alone, without {without}; copy what you use of it into your file"
    assert described(error, FILES)["text"] == said
