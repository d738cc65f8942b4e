"""`course check`: what the kit's audit of itself finds; exercises are graded for it."""

from pathlib import Path

import pytest
from course_commands import course, kit_here, rewrite
from small_kit import CHECKS, SOLUTION


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return kit_here(tmp_path, monkeypatch)


def rewrite_checks(kit: Path, old: str, new: str) -> None:
    course("build")
    rewrite(kit, "autograder/checks/exercise1.py", old, new)


def small_kit_twin(kit: Path) -> None:
    """Give the kit a second exercise, the same as the first."""
    (kit / "autograder/checks/exercise2.py").write_text(CHECKS, encoding="utf-8")
    (kit / "solutions/exercise2.py").write_text(SOLUTION, encoding="utf-8")


def faults(*arguments: str) -> list[str]:
    """Return the faults that `course check` finds, of which there must be some."""
    return [line for line in course("check", *arguments, code=1).stdout.splitlines() if line.startswith("fault")]


def test_check_of_a_sound_kit_says_what_it_saw(kit: Path) -> None:
    course("build")
    assert course("check").stdout.splitlines() == [
        "ok     kit: the generated files are up to date",
        "ok     kit: the release leaks nothing",
        "ok     exercise1: each graded function has a region and a docstring of one line",
        "ok     exercise1: 3 checks, fit to be read",
        "ok     exercise1: the reference earns 6 of 6",
        "ok     exercise1: the stub earns 0 of 6, no check attempted",
    ]


def test_check_judges_the_stub_as_generated_not_the_one_in_work(kit: Path) -> None:
    course("build")
    (kit / "exercises/exercise1.py").write_text(SOLUTION, encoding="utf-8")
    [fault] = faults()
    assert "left alone" in fault


def test_check_names_a_wrong_reference(kit: Path) -> None:
    rewrite(kit, "solutions/exercise1.py", "return x / 2", "return x / 3")
    course("build")
    [fault] = [line for line in faults() if "reference" in line]
    assert fault.startswith("fault  exercise1: the reference fails half: errored")


def test_check_names_a_reference_that_cannot_be_loaded_and_goes_on(kit: Path) -> None:
    small_kit_twin(kit)
    rewrite(kit, "solutions/exercise1.py", "from torch", "import no_such_module\nfrom torch")
    course("build")
    [fault] = faults()
    assert fault.startswith("fault  exercise1: ")
    assert "no_such_module" in fault
    assert "exercise2: the reference earns 6 of 6" in course("check", code=1).stdout


def test_check_names_a_stub_that_is_attempted(kit: Path) -> None:
    region = "    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n"
    indented = region.replace("    ", "        ").replace("return x / 2", "x = x + 0")
    rewrite(kit, "solutions/exercise1.py", region, f"    if len(x) > 9:\n{indented}    return x / 2\n")
    course("build")
    found = "\n".join(faults())
    assert "the stub is graded in half: passed" in found
    assert "the stub earns 1 points; it must earn none" in found


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('points=1, hint="What is due for x = 6?"', 'points=1, hint="Divide."', "the hint of half is no question"),
        ('    """halves every value"""\n', "", "half has no summary"),
        ('points=1, hint="What', 'points=1, visibility="hidden", hint="What', "half has no visible check"),
        ('"half", points=1', '"half", points=0', "half earns 0 points"),
        ('"double", points=2', '"double", points=-2', "without a plain function name and number of points"),
        ("def check_double_one(", "def double_one(", "its checks as run give other points"),
    ],
)
def test_check_names_unfit_checks(kit: Path, old: str, new: str, fault: str) -> None:
    rewrite_checks(kit, old, new)
    assert any(fault in line for line in faults())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('    """Return x/2, shape (n,)."""\n', "", "the docstring of half is not one line"),
        ('shape (n,)."""\n', 'shape\n    (n,)."""\n', "the docstring of double is not one line"),
        ("def half", "def third", "no function half"),
        (
            "    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n",
            "    return x / 2\n",
            "half is graded and has no region",
        ),
    ],
)
def test_check_names_faults_of_the_source(kit: Path, old: str, new: str, fault: str) -> None:
    rewrite(kit, "solutions/exercise1.py", old, new)
    assert any(fault in line for line in faults())


def test_check_without_a_reference_is_a_fault(kit: Path) -> None:
    course("build")
    (kit / "solutions/exercise1.py").unlink()
    assert any("no solutions/exercise1.py" in line for line in faults())


def test_check_of_one_exercise_leaves_the_others_alone(kit: Path) -> None:
    small_kit_twin(kit)
    course("build")
    (kit / "exercises/exercise2.py").write_text("mine = 1\n", encoding="utf-8")
    assert "exercise2" not in course("check", "exercise1").stdout
    assert len(faults()) == 1


def test_new_exercise_is_sound_at_once(kit: Path) -> None:
    course("build")
    before = set(kit.rglob("*.py"))
    lines = course("new", "exercise5").stdout.splitlines()
    added = ["solutions/exercise5.py", "autograder/checks/exercise5.py", "exercises/exercise5.py"]
    assert lines[:3] == [f"wrote {path}" for path in added]
    assert set(kit.rglob("*.py")) - before == {kit / path for path in added}
    assert course("build", "--check").exit_code == 0
    assert "the reference earns 2 of 2" in course("check", "exercise5").stdout
