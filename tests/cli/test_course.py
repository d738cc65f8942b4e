"""The instructors' command: what it prints, how it exits, what it leaves behind."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_kit import STUB, small_kit

from autograder.cli.course import main


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kit = small_kit(tmp_path / "kit", monkeypatch, "exercise1").resolve()
    monkeypatch.chdir(kit / "exercises")
    for name in ("exercise1", "exercise2", "exercise5"):  # pytest keeps the checks of another test's kit
        sys.modules.pop(name, None)
    return kit


def course(*arguments: str, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == exit_code, result.output
    return result


def faults(*arguments: str) -> list[str]:
    """Return the faults that `course check` finds, of which there must be some."""
    return [line for line in course("check", *arguments, exit_code=1).stdout.splitlines() if line.startswith("fault")]


def rewrite(kit: Path, path: str, old: str, new: str) -> None:
    text = (kit / path).read_text(encoding="utf-8")
    assert old in text
    (kit / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def test_build_writes_and_check_compares(kit: Path) -> None:
    missing = course("build", "--check", exit_code=1).stdout
    assert missing == "exercises/exercise1.py: missing; run `course build`\n"
    assert course("build").stdout == "exercises/exercise1.py: written from solutions/exercise1.py\n"
    assert (kit / "exercises/exercise1.py").read_text(encoding="utf-8") == STUB
    assert course("build", "--check").stdout == "1 generated files are up to date\n"


def test_build_that_leaves_a_worked_stub_exits_with_1(kit: Path) -> None:
    (kit / "exercises/exercise1.py").write_text("mine = 1\n", encoding="utf-8")
    assert "left alone" in course("build", exit_code=1).stdout
    assert "left alone" in course("build", "--check", exit_code=1).stdout


def test_unusable_input_is_one_line_and_exit_2(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = course("check", "exercise7", exit_code=2)
    assert result.stdout == ""
    assert result.stderr == "course: there is no exercise 'exercise7'; did you mean exercise1? There are: exercise1\n"
    monkeypatch.chdir(kit.parent)
    assert course("build", exit_code=2).stderr.startswith("course: ")


def test_faulty_checks_file_is_the_kits_fault_and_exit_3(kit: Path) -> None:
    (kit / "autograder/checks/exercise1.py").write_text("x = (\n", encoding="utf-8")
    assert "exercise1.py:1: not valid Python" in course("build", exit_code=3).stderr


@pytest.mark.parametrize("command", [(), ("build",), ("check",), ("new",)])
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    assert len(course(*command, "--help").stdout.splitlines()) > 5


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom autograder.cli.course import main\n"
        "try: main(['--help'])\nexcept SystemExit: print(*sorted(sys.modules))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert {"torch", "numpy", "pytest", "rich", "autograder.grading.grader"}.isdisjoint(done.stdout.split())
    assert "click" in done.stdout.split()


def test_check_names_a_wrong_reference(kit: Path) -> None:
    rewrite(kit, "solutions/exercise1.py", "return x / 2", "return x / 3")
    course("build")
    [fault] = [line for line in faults() if "reference" in line]
    assert fault.startswith("fault  exercise1: the reference fails half: errored")


def test_new_exercise_is_sound_at_once(kit: Path) -> None:
    course("build")
    before = set(kit.rglob("*.py"))
    lines = course("new", "exercise5").stdout.splitlines()
    added = ["solutions/exercise5.py", "autograder/checks/exercise5.py", "exercises/exercise5.py"]
    assert lines[:3] == [f"wrote {path}" for path in added]
    assert set(kit.rglob("*.py")) - before == {kit / path for path in added}
    assert course("build", "--check").exit_code == 0
    assert "the reference earns 2 of 2" in course("check", "exercise5").stdout


def test_ctrl_c_is_one_line(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_kit: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.authoring.stubs.build", interrupted)
    assert course("build", exit_code=130).stderr == "course: stopped\n"


def test_new_refuses_a_name_in_one_line(kit: Path) -> None:
    assert course("new", "class", exit_code=2).stderr.startswith("course: 'class' is a word or module of Python; ")


@pytest.mark.parametrize("option", ["--gradebook", "--compare"])
def test_without_nbgrader_its_gradebook_is_refused_before_grading(
    kit: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "autograder.nbgrader.gradebook", None)
    monkeypatch.delattr("autograder.nbgrader.gradebook", raising=False)  # another test may have imported it
    line = course("grade", "exercise1", "submissions", "--output", "out", option, "sqlite:///g.db", exit_code=2).stderr
    assert line.startswith("course: nbgrader is not installed here")
    assert not (kit / "out").exists()
