"""The audit finds what is wrong with a kit, and says of a sound one what it saw."""

import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from small_kit import CHECKS, SOLUTION, small_kit

from autograder.authoring import catalog, stubs
from autograder.host.fork_server import ForkServer
from autograder.publish.audit import audit

HALF = "    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n"
CHECKS_FILE, SOURCE = "autograder/checks/exercise1.py", "solutions/exercise1.py"


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fork_server: ForkServer) -> Path:
    monkeypatch.setattr(ForkServer, "start", lambda: nullcontext(fork_server))
    for name in ("exercise1", "exercise2"):  # pytest keeps the checks of another test's kit
        sys.modules.pop(name, None)
    kit = small_kit(tmp_path / "kit", monkeypatch, "exercise1")
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
    (kit / "autograder/checks/exercise2.py").write_text(CHECKS, encoding="utf-8")
    (kit / "solutions/exercise2.py").write_text(SOLUTION, encoding="utf-8")
    stubs.build(kit)


def test_of_a_sound_kit_it_says_what_it_saw(kit: Path) -> None:
    assert [str(line) for line in audit(kit, ["exercise1"])] == [
        "ok     kit: the generated files are up to date",
        "ok     kit: the release leaks nothing",
        "ok     exercise1: each graded function has a region and a docstring of one line",
        "ok     exercise1: 3 checks, fit to be read",
        "ok     exercise1: the reference earns 6 of 6",
        "ok     exercise1: the stub earns 0 of 6, no check attempted",
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        (CHECKS_FILE, 'points=1, hint="What is due for x = 6?"', 'points=1, hint="Divide."', "half is no question"),
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
    assert "ok     exercise2: the reference earns 6 of 6" in found


def test_a_stub_that_is_attempted_is_named(kit: Path) -> None:
    indented = HALF.replace("    ", "        ").replace("return x / 2", "x = x + 0")
    rewrite(kit, SOURCE, HALF, f"    if len(x) > 9:\n{indented}    return x / 2\n")
    stubs.build(kit)
    found = faults(kit)
    assert any("the stub is graded in half: passed" in line for line in found)
    assert any("the stub earns 1 points; it must earn none" in line for line in found)


def test_without_a_reference_nothing_shows_that_checks_can_be_passed(kit: Path) -> None:
    (kit / SOURCE).unlink()
    assert any("no solutions/exercise1.py" in line for line in faults(kit))


def test_one_exercise_is_looked_at_without_the_others(kit: Path) -> None:
    add_a_twin(kit)
    (kit / "exercises/exercise2.py").write_text("mine = 1\n", encoding="utf-8")
    assert faults(kit, "exercise1") == []
    assert len(faults(kit)) == 1
