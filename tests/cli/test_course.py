"""The instructors' command: what it prints, how it exits, what it leaves behind."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_kit import CHECKS, SOLUTION, STUB, small_kit

import autograder
from autograder.authoring import catalog
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


def small_kit_twin(kit: Path) -> None:
    """Give the kit a second exercise, the same as the first."""
    (kit / "autograder/checks/exercise2.py").write_text(CHECKS, encoding="utf-8")
    (kit / "solutions/exercise2.py").write_text(SOLUTION, encoding="utf-8")


def rewrite_checks(kit: Path, old: str, new: str) -> None:
    course("build")
    rewrite(kit, "autograder/checks/exercise1.py", old, new)


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
    assert "exercise1.py:1: no docstring" in course("build", exit_code=3).stderr


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
    assert "exercise2: the reference earns 6 of 6" in course("check", exit_code=1).stdout


def test_check_names_a_stub_that_is_attempted(kit: Path) -> None:
    region = "    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n"
    indented = region.replace("    ", "        ").replace("return x / 2", "x = x + 0")
    rewrite(kit, "solutions/exercise1.py", region, f"    if len(x) > 9:\n{indented}    return x / 2\n")
    course("build")
    assert any("the stub is graded in half: passed" in line for line in faults())
    assert any("the stub earns 1 points; it must earn none" in line for line in faults())


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


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Exercise5", "cannot name an exercise"),
        ("5th", "cannot name an exercise"),
        ("../evil", "cannot name an exercise"),
        ("conftest", "cannot name an exercise"),
        ("class", "word or module of Python"),
        ("random", "word or module of Python"),
        ("torch", "word or module of Python"),
        ("exercise1", "is there already"),
    ],
)
def test_new_refuses_a_name_and_writes_nothing(kit: Path, name: str, what: str) -> None:
    before = set(kit.rglob("*"))
    assert what in course("new", name, exit_code=2).stderr
    assert set(kit.rglob("*")) == before


@pytest.mark.parametrize("folder", ["solutions", "exercises"])
def test_new_never_overwrites(kit: Path, folder: str) -> None:
    taken = kit / folder / "exercise5.py"
    taken.write_text("mine = 1\n", encoding="utf-8")
    assert "is there already" in course("new", "exercise5", exit_code=2).stderr
    assert taken.read_text(encoding="utf-8") == "mine = 1\n"
    assert not (catalog.CHECKS / "exercise5.py").exists()


def test_new_leaves_nothing_half_written(kit: Path) -> None:
    rewrite(kit, "solutions/exercise1.py", "### END", "### EDN")
    before = set(kit.rglob("*"))
    assert "solutions/exercise1.py:" in course("new", "exercise5", exit_code=2).stderr
    assert set(kit.rglob("*")) == before


def test_new_in_a_kit_without_solutions_says_so(kit: Path) -> None:
    (kit / "solutions/exercise1.py").unlink()
    (kit / "solutions").rmdir()
    assert "cannot be written" in course("new", "exercise5", exit_code=2).stderr
    assert not (catalog.CHECKS / "exercise5.py").exists()


def test_new_needs_the_kits_own_package(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "CHECKS", kit.parent / "site-packages" / "autograder" / "checks")
    assert f"pip install -e {kit}" in course("new", "exercise5", exit_code=2).stderr
    assert not (kit / "solutions/exercise5.py").exists()


def test_ctrl_c_is_one_line(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_kit: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.authoring.stubs.build", interrupted)
    assert course("build", exit_code=130).stderr == "course: stopped\n"


@pytest.mark.parametrize("option", ["--gradebook", "--compare"])
def test_without_nbgrader_its_gradebook_is_refused_before_grading(
    kit: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "autograder.nbgrader.gradebook", None)
    monkeypatch.delattr(autograder, "gradebook", raising=False)  # another test may have imported it
    line = course("grade", "exercise1", "submissions", "--output", "out", option, "sqlite:///g.db", exit_code=2).stderr
    assert line.startswith("course: nbgrader is not installed here")
    assert not (kit / "out").exists()
