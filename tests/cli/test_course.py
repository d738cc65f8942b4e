"""The instructors' command: what it prints, how it exits, what it leaves behind."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from course_commands import course, kit_here, refusal
from places import KIT
from small_kit import STUB

import autograder.nbgrader
from autograder.errors import UserError


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


def test_a_faulty_checks_file_is_its_authors_fault_and_exit_2(kit: Path) -> None:
    (kit / "autograder/checks/exercise1.py").write_text("x = (\n", encoding="utf-8")
    assert "exercise1.py:1: not valid Python" in course("build", code=2).stderr


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


class TestRelease:
    def test_it_says_how_much_it_wrote_and_where_to_go_on(self, monkeypatch, tmp_path):
        seen = []
        monkeypatch.chdir(KIT / "datasets")
        monkeypatch.setattr("autograder.publish.release.release", lambda *given: seen.append(given) or [1, 2, 3])
        said = course("release", "--output", tmp_path / "new").stdout
        assert said == f"wrote 3 files to {tmp_path / 'new'}; to try them, follow {tmp_path / 'new' / 'README.md'}\n"
        assert seen == [(KIT, tmp_path / "new", "en", "")]

    def test_what_it_cannot_do_is_one_line(self, kit, monkeypatch, tmp_path):
        def refuse(*_: object) -> None:
            raise UserError("it is not empty; name another")

        monkeypatch.setattr("autograder.publish.release.release", refuse)
        assert refusal("release", "--output", tmp_path) == "course: it is not empty; name another\n"
        assert "Missing option '--output'" in refusal("release")


class Deed(SimpleNamespace):
    """A file of a course folder, and what became of it."""

    def __str__(self) -> str:
        return f"{self.path}: {self.deed}"


class TestNbgrader:
    @pytest.fixture
    def deeds(self, monkeypatch):
        """What writing the folder is to have done."""
        done = []
        monkeypatch.chdir(KIT)
        monkeypatch.setattr("autograder.nbgrader.course_folder.write_course", lambda *_, **__: done)
        return done

    @pytest.mark.parametrize(
        ("path", "deed", "code"),
        [("a.ipynb", "written", 0), ("a.ipynb", "left alone", 1), ("nbgrader_config.py", "left alone", 0)],
    )
    def test_a_notebook_that_is_left_alone_is_an_exit_code(self, deeds, tmp_path, path, deed, code):
        deeds.append(Deed(path=Path(path), deed=deed))
        lines = course("nbgrader", "--output", tmp_path / "course", code=code).stdout.splitlines()
        assert lines[0] == f"{path}: {deed}"
        assert ("Next: " in lines[-1]) == (code == 0)

    @pytest.mark.parametrize("name", ["", "a b", "../a", "a/b"])
    def test_the_id_becomes_a_folder_s_name(self, deeds, tmp_path, name):
        said = refusal("nbgrader", "--output", tmp_path, "--course", name)
        assert "is no id of a course; use letters, digits, '-', '_' and '.'" in said


class TestCi:
    @pytest.fixture(autouse=True)
    def here(self, monkeypatch):
        monkeypatch.chdir(KIT)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("gradescope",), "gradescope grades one exercise at a time; name it with --exercise"),
            (("classroom50", "--exercise", "exercise1", "--exercise", "exercise2"), "one exercise at a time"),
            (("github", "--exercise", "exercise9"), "there is no exercise 'exercise9'"),
            (("gitlab", "--grader", "a/b@v1"), "a --grader is an action, and gitlab knows none; leave it out"),
            (("travis",), "'travis' is not one of 'github', 'gitlab', 'classroom50', 'gradescope', 'class'"),
            (("github", "--pass-mark", "101"), "101 is not in the range 0<=x<=100"),
        ],
    )
    def test_what_it_cannot_do_is_one_line(self, tmp_path, arguments, said):
        assert said in refusal("ci", *arguments, "--output", tmp_path / "new")
        assert not (tmp_path / "new").exists()

    def test_it_writes_and_says_what(self, tmp_path):
        said = course("ci", "github", "--grader", "org/kit@v1", "--pass-mark", 80, "--output", tmp_path).stdout
        (workflow,) = (path for path in tmp_path.rglob("*") if path.is_file())
        assert said == f"wrote {workflow}\n"
        text = workflow.read_text(encoding="utf-8")
        assert "org/kit@v1" in text
        assert "80" in text
