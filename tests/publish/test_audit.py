"""The audit finds what is wrong with a kit, and says of a sound one what it saw."""

import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from example_reports import RIGHT
from small_kit import HIDDEN_HALF, SOLUTION, sharpen, small_kit

from autograder.authoring import catalog, stubs
from autograder.grading import evaluation
from autograder.host.fork_server import ForkServer
from autograder.model import GradingSpec, Report, Submission
from autograder.publish.audit import audit

HALF = "    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n"
CHECKS_FILE, SOURCE = "autograder/checks/exercise1.py", "solutions/exercise1.py"


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fork_server: ForkServer) -> Path:
    monkeypatch.setattr(ForkServer, "start", lambda: nullcontext(fork_server))
    for name in ("exercise1", "exercise2"):  # pytest keeps the checks of another test's kit
        sys.modules.pop(name, None)
    kit = small_kit(tmp_path / "kit", monkeypatch, "exercise1")
    sharpen(kit / CHECKS_FILE)
    stubs.build(kit)
    return kit


def faults(kit: Path, *names: str) -> list[str]:
    found = list(audit(kit, [*names] or catalog.exercise_names()))
    return [str(line) for line in found if line.is_fault]


def rewrite(kit: Path, path: str, old: str, new: str) -> None:
    text = (kit / path).read_text(encoding="utf-8")
    assert old in text
    (kit / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def add_a_twin(kit: Path) -> None:
    """Give the kit a second exercise, the same as the first."""
    shutil.copy(kit / CHECKS_FILE, kit / "autograder/checks/exercise2.py")
    (kit / "solutions/exercise2.py").write_text(SOLUTION, encoding="utf-8")
    stubs.build(kit)


def test_of_a_sound_kit_it_says_what_it_saw(kit: Path) -> None:
    assert [str(line) for line in audit(kit, ["exercise1"])] == [
        "ok     kit: the generated files are up to date",
        "ok     kit: the release leaks nothing",
        "ok     exercise1: each graded function has a region and a docstring of one line",
        "ok     exercise1: 4 checks, fit to be read",
        "ok     exercise1: the reference earns 7 of 7",
        "ok     exercise1: the stub earns 0 of 7, no check attempted",
        "ok     exercise1: its checks refuse what is slightly off, and what is right for one sample or for the visible "
        "cases only",
        "ok     exercise1: 0 known mistakes, each costs its function alone, and is named",
    ]
    assert len(list(audit(kit, ["exercise1"], is_quick=True))) == 6


WEAKENED = "half may be right in the visible cases alone; add a hidden check"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (HIDDEN_HALF, "", WEAKENED),
        ("(1, 5)", "(1, 1)", "half_one has cases of one sample only; add one of several"),
        ("terms(x / 2)", "terms(x / 2, *1000 * (x, -x))", "half takes answers that are off by 1e-06 of their size"),
    ],
)
def test_a_weakened_check_is_a_fault(kit: Path, old: str, new: str, fault: str) -> None:
    rewrite(kit, CHECKS_FILE, old, new)
    assert any(fault in line for line in faults(kit))


def test_a_wide_tolerance_is_a_fault(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "DOUBLE_TOLERANCE", 1e-2)
    blunt = [line for line in faults(kit) if "off by 1e-06" in line]
    assert len(blunt) == 4


MISTAKES = """
from autograder.checking import altered, mistake, scaled
from autograder.checking import Mistake

DOUBLE = Mistake("double", "{id}", "{{parts}}: too much", "How much?", scaled("double", {factor}))
"""


@pytest.mark.parametrize(
    ("identity", "factor", "fault"),
    [
        ("half-dropped", 2, None),
        ("two-over-n", 1, "the mistake two-over-n of double costs nothing; add a case in which it shows"),
    ],
)
def test_known_mistakes_are_tried_out(kit: Path, identity: str, factor: int, fault: str | None) -> None:
    (kit / "autograder/mistakes").mkdir()
    text = MISTAKES.format(id=identity, factor=factor)
    (kit / "autograder/mistakes/exercise1.py").write_text(text, encoding="utf-8")
    assert faults(kit) == ([f"fault  exercise1: {fault}"] if fault else [])
    found = [str(line) for line in audit(kit, ["exercise1"])]
    assert fault or "ok     exercise1: 1 known mistakes, each costs its function alone, and is named" in found


def test_mutants_are_graded_by_the_engine_that_is_given(kit: Path) -> None:
    def engine(_spec: GradingSpec, submissions: Iterable[Submission]) -> Iterator[Report]:
        return (replace(RIGHT, submission=each) for each in submissions)

    lines = [str(line) for line in audit(kit, ["exercise1"], is_quick=True, engine=engine)]
    assert any("fault  exercise1: no check notices the mutant 'half: return x / 2 → return x * 2'" in x for x in lines)


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
        (CHECKS_FILE, '"double", points=2', '"double", points=-2', "and points=1 as plain values"),
        (CHECKS_FILE, "def check_double_one(", "def double_one(", "double_one is a check that nothing would run"),
        (SOURCE, '    """Return x/2, shape (n,)."""\n', "", "the docstring of half is not one line"),
        (SOURCE, 'shape (n,)."""\n', 'shape\n    (n,)."""\n', "the docstring of double is not one line"),
        (SOURCE, "def half", "def third", "no function half"),
        (SOURCE, HALF, "    return x / 2\n", "half is graded and has no region"),
        (SOURCE, "return x / 2", "return x / 3", "fault  exercise1: the reference fails half: errored"),
    ],
)
def test_faults_of_checks_and_sources_are_named(kit: Path, path: str, old: str, new: str, fault: str) -> None:
    rewrite(kit, path, old, new)
    assert any(fault in line for line in faults(kit))


def test_the_stub_is_judged_as_generated_not_the_one_in_work(kit: Path) -> None:
    (kit / "exercises/exercise1.py").write_text(SOLUTION, encoding="utf-8")
    [fault] = faults(kit)
    assert "left alone" in fault


def test_a_reference_that_cannot_be_loaded_does_not_keep_the_next_from_being_looked_at(kit: Path) -> None:
    add_a_twin(kit)
    rewrite(kit, SOURCE, "from torch", "import no_such_module\nfrom torch")
    stubs.build(kit)
    found = [str(line) for line in audit(kit, ["exercise1", "exercise2"])]
    [fault] = [line for line in found if line.startswith("fault")]
    assert fault.startswith("fault  exercise1: ")
    assert "no_such_module" in fault
    assert "ok     exercise2: the reference earns 7 of 7" in found


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


def test_one_exercise_is_looked_at_without_the_others(kit: Path) -> None:
    add_a_twin(kit)
    (kit / "exercises/exercise2.py").write_text("mine = 1\n", encoding="utf-8")
    assert faults(kit, "exercise1") == []
    assert len(faults(kit)) == 1
