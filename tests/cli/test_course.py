"""The instructors' command: what it prints, how it exits, what it leaves behind."""

import subprocess
import sys
from pathlib import Path

import pytest
from course_commands import course, kit_here, refusal
from places import KIT
from small_kit import STUB

import autograder.nbgrader


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return kit_here(tmp_path, monkeypatch)


def test_build_writes_and_check_compares(kit: Path) -> None:
    missing = course("build", "--check", code=1).stdout
    assert missing == "exercises/exercise1.py: missing; run `course build`\n"
    assert course("build").stdout == "exercises/exercise1.py: written from solutions/exercise1.py\n"
    assert (kit / "exercises/exercise1.py").read_text(encoding="utf-8") == STUB
    assert course("build", "--check").stdout == "1 generated files are up to date\n"


def test_build_that_leaves_a_worked_stub_exits_with_1(kit: Path) -> None:
    (kit / "exercises/exercise1.py").write_text("mine = 1\n", encoding="utf-8")
    assert "left alone" in course("build", code=1).stdout
    assert "left alone" in course("build", "--check", code=1).stdout


def test_unusable_input_is_one_line_and_exit_2(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal("check", "exercise7")
    assert said == "course: there is no exercise 'exercise7'; did you mean exercise1? There are: exercise1\n"
    monkeypatch.chdir(kit.parent)
    assert "is not inside the kit" in refusal("build")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["bild"], "No such command 'bild'. Did you mean 'build'? (see course --help)"),
        (["new"], "Missing argument 'EXERCISE'. (see course new --help)"),
        (["build", "--fast"], "No such option '--fast'. (see course build --help)"),
    ],
)
def test_wrong_usage_is_one_line_that_names_the_help(arguments: list[str], line: str) -> None:
    assert refusal(*arguments) == f"course: {line}\n"


def test_alone_it_shows_what_there_is() -> None:
    assert "grade" in course(code=2).stderr


def test_what_nobody_foresaw_is_one_line_and_exit_3(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_kit: Path) -> None:
        raise KeyError("shape")

    monkeypatch.setattr("autograder.authoring.stubs.build", broken)
    assert course("build", code=3).stderr == "course: the kit itself failed: KeyError: 'shape'\n"


def test_faulty_checks_file_is_the_kits_fault_and_exit_3(kit: Path) -> None:
    (kit / "autograder/checks/exercise1.py").write_text("x = (\n", encoding="utf-8")
    assert "exercise1.py:1: no docstring" in course("build", code=3).stderr


@pytest.mark.parametrize("command", [(), ("build",), ("check",), ("new",)])
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    assert len(course(*command, "--help").stdout.splitlines()) > 5


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom autograder.cli.course import main\n"
        "try: main(['--help'])\nexcept SystemExit: print(*sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=KIT)
    assert {"torch", "numpy", "pytest", "rich", "autograder.grading.grader"}.isdisjoint(done.stdout.split())
    assert "click" in done.stdout.split()


@pytest.mark.parametrize("option", ["--gradebook", "--compare"])
def test_without_nbgrader_its_gradebook_is_refused_before_grading(
    kit: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "autograder.nbgrader.gradebook", None)
    monkeypatch.delattr(autograder.nbgrader, "gradebook", raising=False)  # another test may have imported it
    line = course("grade", "exercise1", "submissions", "--output", "out", option, "sqlite:///g.db", code=2).stderr
    assert line.startswith("course: nbgrader is not installed here")
    assert not (kit / "out").exists()
