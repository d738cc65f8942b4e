"""The audit finds what is wrong with a kit, and says of a sound one what it saw."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from example_reports import RIGHT
from small_kit import CHECKS_FILE, HIDDEN_HALF, SOLUTION, SOURCE, rewrite

from autograder.authoring import catalog, stubs
from autograder.grading import evaluation
from autograder.model import GradingSpec, Report, Submission
from autograder.publish import release
from autograder.publish.audit import audit

HALF = "    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n"


def faults(kit: Path, *names: str) -> list[str]:
    found = list(audit(kit, [*names] or catalog.exercise_names()))
    return [str(line) for line in found if line.is_fault]


def add_a_twin(kit: Path) -> None:
    """Give the kit a second exercise, the same as the first."""
    shutil.copy(kit / CHECKS_FILE, kit / "autograder/checks/exercise2.py")
    (kit / "solutions/exercise2.py").write_text(SOLUTION, encoding="utf-8")
    stubs.build(kit)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not about it makes no student kit, which takes a second."""
    monkeypatch.setattr(release, "faults", lambda _kit: [])


def test_of_a_sound_kit_it_says_what_it_saw(kit: Path) -> None:
    *lines, last = [str(line) for line in audit(kit, ["exercise1"])]
    assert lines == [
        "ok     kit: the generated files are up to date",
        "ok     exercise1: each graded function has a region and a docstring of one line",
        "ok     exercise1: 4 checks, fit to be read",
        "ok     exercise1: the reference earns 7 of 7",
        "ok     exercise1: the stub earns 0 of 7, no check attempted",
        "ok     exercise1: its checks refuse what is slightly off, and what is right for one sample or for the visible "
        "cases only",
        "ok     exercise1: 0 known mistakes, each refused, and named",
        "ok     exercise1: no corpus here: there is nothing in tests/corpus/wrong/exercise1",
        "ok     kit: the release leaks nothing",
    ]
    assert last.startswith("ok     kit: tried out: 4 checks, 0 known mistakes; ")
    assert len(list(audit(kit, ["exercise1"], is_quick=True))) == 9


MISTAKE = """
from autograder.checking import Mistake, scaled

DOUBLE = Mistake("double", "half-dropped", "{parts}: too much", "How much?", scaled("double", 1))
"""
# What is wrong and kept at hand, by path: a submission, and a mistake that is none.
PLANTED = {
    "tests/corpus/right/exercise1/plain.py": SOLUTION,
    "tests/corpus/wrong/exercise1/right_after_all.py": "# loses: half\ndef half(x):\n    return x * 0.5\n",
    "tests/corpus/wrong/exercise1/wrong.py": "# loses: double\ndef double(x):\n    return 3 * x\n",
}
DRAWN = "draw.vector(3)"
FIXED = "paper([[2.0, 3.0, 5.0]])[0]"
CHECKING = "from autograder.checking import"
WEAKENED = {
    "an oracle's scale of 1e30": (
        [("terms(x / 2)", "terms(x / 2, 1e30 * x, -1e30 * x).__class__(x / 2, 1e30 + 0 * x)")],
        "all checks of half let through what is slightly off; its oracle's scale in autograder/checks/exercise1.py is "
        "too large: sum up the sizes of its terms",
    ),
    "a hidden check deleted": (
        [(HIDDEN_HALF, "")],
        "half may be right in the visible cases alone; add a hidden check",
    ),
    "a check of one sample": (
        [("(1, 5)", "(1, 1)")],
        "half_one has cases of one sample only; add one of several",
    ),
    "needs of an unknown check": (
        [('needs=("double",)', 'needs=("duoble",)')],
        "check_double_one needs duoble, and there is no such check above it; write double, if it is meant",
    ),
    "an oracle without a check": (
        [("@check(\"double\", points=2", "@oracle()\ndef third(_functions: Any, x: Tensor) -> ExpectedValue:\n"
          '    """x."""\n    return terms(x)\n\n\n@check("double", points=2')],
        "third has an oracle and no check; write one, or it is never judged",
    ),
    "hidden cases that are always the same": (
        [(DRAWN, FIXED), (CHECKING, f"{CHECKING} paper,")],
        "the hidden cases of double are the same for every seed, so they can be learned by heart; draw them",
    ),
    "a judge that is never called": (
        [("    judge(draw.vector(3))\n", "")],
        "check_double_one never calls judge, so whatever is handed in passes; give it cases by judge(x)",
    ),
}  # fmt: skip


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("changes", "fault"), WEAKENED.values(), ids=WEAKENED)
def test_a_weakened_check_is_one_fault(kit: Path, changes: list[tuple[str, str]], fault: str) -> None:
    for old, new in changes:
        rewrite(kit, CHECKS_FILE, old, new)
    (kit / "autograder/mistakes").mkdir()
    (kit / "autograder/mistakes/exercise1.py").write_text(MISTAKE.replace("1))", "2))"), encoding="utf-8")
    [line] = faults(kit)
    assert line.startswith("fault  exercise1: ")
    assert line.endswith(fault)


@pytest.mark.usefixtures("kept")
def test_a_tolerance_of_1e9_is_one_fault(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "DOUBLE_TOLERANCE", 1e9)
    monkeypatch.setattr(evaluation, "SINGLE_TOLERANCE", 1e9)
    text = "all its checks let through what is slightly off; mend DOUBLE_TOLERANCE in autograder/grading/comparing.py"
    assert faults(kit) == [f"fault  exercise1: {text}"]


@pytest.mark.usefixtures("kept")
def test_a_known_mistake_that_costs_nothing_is_one_fault(kit: Path) -> None:
    (kit / "autograder/mistakes").mkdir()
    (kit / "autograder/mistakes/exercise1.py").write_text(MISTAKE, encoding="utf-8")
    text = "the mistake half-dropped of double costs nothing; add a case in which it shows"
    assert faults(kit) == [f"fault  exercise1: {text}"]


@pytest.mark.usefixtures("kept")
def test_a_wrong_submission_that_keeps_its_points_is_one_fault(kit: Path) -> None:
    for path, text in PLANTED.items():
        (kit / path).parent.mkdir(parents=True, exist_ok=True)
        (kit / path).write_text(text, encoding="utf-8")
    file = "tests/corpus/wrong/exercise1/right_after_all.py"
    text = f"{file} keeps the points of half; add a case to its checks in which the mistake shows"
    assert faults(kit) == [f"fault  exercise1: {text}"]
    (kit / file).unlink()
    found = [str(line) for line in audit(kit, ["exercise1"])]
    assert "ok     exercise1: 1 wrong submission, each loses what it must, and hears why" in found


def test_what_cannot_be_tried_is_said_once_and_nothing_else(kit: Path) -> None:
    rewrite(kit, CHECKS_FILE, "    judge(draw.vector(3))\n", "    judge()\n")
    lines = list(audit(kit, ["exercise1"]))
    assert [line.about for line in lines if line.is_unusable] == ["exercise1"]
    assert [str(line)[:5] for line in lines] == ["ok   ", "fault", "ok   "]


@pytest.mark.usefixtures("kept")
def test_mutants_are_graded_by_the_engine_that_is_given(kit: Path) -> None:
    def engine(_spec: GradingSpec, submissions: Iterable[Submission]) -> Iterator[Report]:
        return (replace(RIGHT, submission=each) for each in submissions)

    lines = [str(line) for line in audit(kit, ["exercise1"], is_quick=True, engine=engine)]
    assert any("fault  exercise1: no check notices the mutant 'half: return x / 2 → return x * 2'" in x for x in lines)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        (CHECKS_FILE, 'points=1, hint="What is due for x = 6?"', 'points=1, hint="Divide."', "half is no question"),
        (
            CHECKS_FILE,
            'hint="And for one sample?"',
            'hint="What is due for x = 3?"',
            "double_one is hidden and asks what a",
        ),
        (CHECKS_FILE, '    """halves every value"""\n', "", "half has no summary"),
        (CHECKS_FILE, 'points=1, hint="What', 'points=1, visibility="hidden", hint="What', "half has no visible check"),
        (CHECKS_FILE, '"half", points=1', '"half", points=0', "half earns 0 points"),
        (CHECKS_FILE, "def check_double_one(", "def double_one(", "double_one is a check that nothing would run"),
        (SOURCE, '    """Return x/2, shape (n,)."""\n', "", "the docstring of half is not one line"),
        (SOURCE, 'shape (n,)."""\n', 'shape\n    (n,)."""\n', "the docstring of double is not one line"),
        (SOURCE, HALF, "    return x / 2\n", "half is graded and has no region"),
        (SOURCE, "return x / 2", "return x / 3", "fault  exercise1: the reference fails half: errored"),
    ],
)
def test_faults_of_checks_and_sources_are_named(kit: Path, path: str, old: str, new: str, fault: str) -> None:
    rewrite(kit, path, old, new)
    assert any(fault in line for line in faults(kit))


@pytest.mark.usefixtures("kept")
def test_the_stub_is_judged_as_generated_not_the_one_in_work(kit: Path) -> None:
    (kit / "exercises/exercise1.py").write_text(SOLUTION, encoding="utf-8")
    [fault] = faults(kit)
    assert "left alone" in fault


@pytest.mark.usefixtures("kept")
def test_a_reference_that_cannot_be_loaded_does_not_keep_the_next_from_being_looked_at(kit: Path) -> None:
    add_a_twin(kit)
    rewrite(kit, SOURCE, "from torch", "import no_such_module\nfrom torch")
    stubs.build(kit)
    found = [str(line) for line in audit(kit, ["exercise1", "exercise2"])]
    [fault] = [line for line in found if line.startswith("fault")]
    assert fault.startswith("fault  exercise1: ")
    assert "no_such_module" in fault
    assert "ok     exercise2: the reference earns 7 of 7" in found


@pytest.mark.usefixtures("kept")
def test_a_stub_that_is_attempted_is_named(kit: Path) -> None:
    indented = HALF.replace("    ", "        ").replace("return x / 2", "x = x + 0")
    rewrite(kit, SOURCE, HALF, f"    if len(x) > 9:\n{indented}    return x / 2\n")
    stubs.build(kit)
    found = faults(kit)
    assert any("the stub is graded in half: passed" in line for line in found)
    assert any("the stub earns 2 points; it must earn none" in line for line in found)


def test_without_a_reference_nothing_shows_that_checks_can_be_passed(kit: Path) -> None:
    (kit / SOURCE).unlink()
    assert any("no solutions/exercise1.py" in line for line in faults(kit))


@pytest.mark.usefixtures("kept")
def test_one_exercise_is_looked_at_without_the_others(kit: Path) -> None:
    add_a_twin(kit)
    (kit / "exercises/exercise2.py").write_text("mine = 1\n", encoding="utf-8")
    assert faults(kit, "exercise1") == []
    assert len(faults(kit)) == 1
