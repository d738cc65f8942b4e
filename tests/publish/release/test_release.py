"""The student kit: what is in it, what is not, that it is written whole or not at all, and that it grades by itself."""

import ast
import importlib.util
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner
from example_reports import RIGHT, STUB, UNLOADABLE
from places import KIT
from small_kit import CHECKS, small_kit
from students import graded, script

from autograder.authoring import catalog
from autograder.cli.course import main
from autograder.errors import GraderError, UserError
from autograder.exercise import HeldBack
from autograder.publish import audit
from autograder.publish import release as releasing
from autograder.publish.release import contents, release
from autograder.publish.release.leaks import find_leaks
from autograder.publish.release.visible import Visible, visible
from autograder.report import html, text, words

EXERCISES = catalog.exercises(KIT)
INSTRUCTOR_ONLY = ("audit", "build", "course", "notebook", "release", "skeleton", "solutions", "tests", "benchmarks")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "kit"
    release(KIT, folder)
    return folder


@pytest.fixture(scope="module")
def files() -> contents.Files:
    return contents.compose(KIT)


def readable(path: Path) -> str:
    """All of a file's bytes as text, and the cells of a notebook as they are read."""
    text = path.read_bytes().decode("latin-1" if path.suffix == ".png" else "utf-8")
    if path.suffix == ".ipynb":
        text += "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return text


@pytest.fixture(scope="module")
def everything(released: Path) -> dict[str, str]:
    paths = [path for path in released.rglob("*") if path.is_file()]
    return {path.relative_to(released).as_posix(): readable(path) for path in paths}


class TestSecrets:
    """Found in ways of their own here, not in those by which the release finds them."""

    @pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
    def test_no_line_of_a_solution_is_in_any_file(self, everything: dict[str, str], exercise):
        stub = everything[f"exercises/{exercise.name}.py"]
        regions = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", exercise.solution.read_text(), re.DOTALL)
        lines = {line.strip() for region in regions for line in region.split("\n")}
        telling = {line for line in lines if len(re.findall(r"\w+", line)) > 2 and line not in stub}
        telling.discard("losses: list[float] = []")
        assert len(regions) >= len(exercise.functions)
        assert len(telling) >= len(exercise.functions)
        assert [(name, line) for name, text in everything.items() for line in telling if line in text] == []

    @pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
    def test_nothing_of_a_hidden_check_is_in_any_file(self, everything: dict[str, str], exercise):
        spec = importlib.util.spec_from_file_location("all_checks", exercise.checks)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        bodies = [
            (body, vars(body)["check"]) for body in vars(module).values() if "check" in getattr(body, "__dict__", ())
        ]
        shown = "".join(inspect.getsource(body) for body, check in bodies if check.visibility == "visible")
        hidden = [(body, check) for body, check in bodies if check.visibility == "hidden"]
        assert hidden
        for body, check in hidden:
            lines = {line.strip() for line in inspect.getsource(body).split("\n") if line.count("(") or '"""' in line}
            secrets = {line for line in lines if line not in shown and line != "@check("} | {check.name, check.summary}
            assert [(name, line) for name, text in everything.items() for line in secrets if line in text] == []

    def test_no_file_is_of_a_kind_that_hides_what_it_holds(self, released: Path):
        suffixes = {path.suffix for path in released.rglob("*") if path.is_file()}
        assert suffixes == {"", ".csv", ".ipynb", ".j2", ".json", ".md", ".png", ".py", ".toml", ".txt"}
        assert [path for path in released.rglob("*") if path.is_symlink()] == []

    def test_nothing_of_the_instructors_is_there(self, released: Path):
        names = {path.stem for path in released.rglob("*")}
        assert names.isdisjoint(INSTRUCTOR_ONLY)

    def test_what_is_there_imports_nothing_that_is_not(self, released: Path):
        modules = set()
        for path in (released / "autograder").rglob("*.py"):
            parts = path.relative_to(released).with_suffix("").parts
            modules.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        missing = set()
        for path in (released / "autograder").rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("autograder"):
                    missing |= {node.module} - modules
                elif isinstance(node, ast.Import):
                    missing |= {each.name for each in node.names if each.name.startswith("autograder")} - modules
                if isinstance(node, ast.ImportFrom) and node.module == "autograder":
                    missing |= {f"autograder.{each.name}" for each in node.names if each.name[0].islower()} - modules
        assert missing == set()


class TestLeaks:
    """Each kind of leak is found when it is planted."""

    def test_the_kit_has_none(self, files):
        assert find_leaks(files, KIT) == []

    @pytest.mark.parametrize(
        ("path", "text", "said"),
        [
            ("README.md", "so write\n  return torch.sum((y_pred - y) ** 2) / 2\n", "a line of solutions/"),
            ("autograder/plots/panels.py", 'a = parameters["a1"] * parameters["a2"]', "of solutions/exercise2.py"),
            ("autograder/grading/cases.py", "# as for check_predict_any_size\n", "the name of a hidden check"),
            ("autograder/report/words.py", '"""works for one sample, for many, and in float32"""', "checks/exercise"),
            ("autograder/publish/audit.py", "", "not on the list"),
            ("autograder/worker/deep/er.py", "", "not on the list"),
            ("solutions/exercise1.py", "", "not on the list"),
            ("autograder/checks/__pycache__/exercise1.cpython-311.pyc", "", "not on the list"),
            ("datasets/answers.zip", "", "not on the list"),
            ("datasets/line.csv", "PK\3\4\0\0", "neither UTF-8 text nor a picture"),
        ],
    )  # fmt: skip
    def test_a_planted_one_is_found(self, files, path, text, said):
        assert any(said in found for found in find_leaks({**files, PurePosixPath(path): text.encode()}, KIT))

    def test_one_inside_a_notebook_is_found(self, files):
        path = PurePosixPath("exercises/exercise1.ipynb")
        notebook = json.loads(files[path])
        notebook["cells"][3]["source"] = ['    return parameters["a"] * x +', ' parameters["b"]']
        assert find_leaks({**files, path: json.dumps(notebook).encode()}, KIT) == []
        notebook["cells"][3]["source"] = ['    return parameters["a"] * x + parameters["b"]']
        [found] = find_leaks({**files, path: json.dumps(notebook).encode()}, KIT)
        assert "exercises/exercise1.ipynb: holds a line of solutions/exercise1.py" in found

    def test_checks_that_are_not_cut_are_found(self, monkeypatch):
        monkeypatch.setattr(contents, "visible", lambda text, path: Visible(text, {}))
        found = find_leaks(contents.compose(KIT), KIT)
        assert any(each.startswith("autograder/checks/exercise4.py: holds the name of a hidden") for each in found)
        assert any(each.startswith("autograder/checks/exercise4.py: holds a line of") for each in found)

    def test_a_release_that_would_leak_is_not_written(self, tmp_path, monkeypatch):
        monkeypatch.setattr(contents, "DATASETS", (*contents.DATASETS, "../solutions/*.py"))
        with pytest.raises(UserError, match=r"solutions/exercise1.py: .*and \d+ more"):
            release(KIT, tmp_path / "kit")
        assert list(tmp_path.iterdir()) == []

    def test_the_audit_says_so(self, monkeypatch):
        monkeypatch.setattr(contents, "DATASETS", (*contents.DATASETS, "../solutions/*.py"))
        findings = audit.audit(KIT, [])
        next(findings)
        assert str(next(findings)).startswith("fault  kit: datasets/../solutions/exercise1.py: ")


class TestVisible:
    def test_hidden_checks_go_with_all_that_only_they_use(self):
        cut = visible(CHECKS, "checks.py")
        hidden = CHECKS[CHECKS.index('@check("double", points=3') : CHECKS.index('@check("half"')]
        assert cut.text == CHECKS.replace(hidden, "")
        assert cut.left_out == {"double": (1, 3)}

    def test_what_only_they_use_is_told_by_scope_and_not_by_name(self):
        text = '''\
"""Title."""

import math
from autograder.checking import CaseGenerator, CaseRecorder, Probe, check

SIZES = (1, 2)  # of nobody


# how to make a case
def case(draw: CaseGenerator) -> object:
    return ping(draw)


def ping(draw: CaseGenerator) -> object:
    return pong(draw) or math.pi


def pong(draw: CaseGenerator) -> object:
    return ping(draw)


def shared(draw: CaseGenerator) -> object:
    return draw


HINT = "Why?"
OTHER = "Why not?"


# ---- f


@check("f", points=1, hint=HINT)
def check_f(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """is right"""
    case = shared(draw)  # a name of its own
    judge(case)


# Nobody may know of this: it is hidden.
@check("f", points=2, visibility="hidden", needs=("f",), hint=OTHER)
def check_f_hidden(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """is secret"""
    judge(case(draw), shared(draw), Probe)
'''
        assert (
            visible(text, "checks.py").text
            == '''\
"""Title."""

from autograder.checking import CaseGenerator, CaseRecorder, check

SIZES = (1, 2)  # of nobody


def shared(draw: CaseGenerator) -> object:
    return draw


HINT = "Why?"


# ---- f


@check("f", points=1, hint=HINT)
def check_f(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """is right"""
    case = shared(draw)  # a name of its own
    judge(case)
'''
        )

    @pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
    def test_points_here_and_at_hand_in_are_all_points(self, exercise, released, monkeypatch):
        monkeypatch.setattr(catalog, "CHECKS", released / "autograder" / "checks")
        student = catalog.read_exercise(released, exercise.name)
        held = dict(student.at_hand_in)
        total = {name: points + (held[name].points if name in held else 0) for name, points in student.functions}
        assert total == dict(exercise.functions)
        assert held
        assert exercise.at_hand_in == ()

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('visibility="hidden"', "visibility=HIDDEN", "checks.py:29: check_double_one: write visibility"),
            ("points=3", "points=THREE", "checks.py:29: check_double_one: write visibility"),
            ('@check("double", points=3', '@once\n@check("double", points=3', "checks.py:30: check_double_one has not"),
            ("def check_double_one(", "def double_one(", "no function at the top of the file"),
            ('"What is due for x = 6?"', '"?", needs=("double_one",)', "a visible check needs the hidden double_one"),
            ("    judge(draw.vector(1))", "    pass; x = 1\ny = 2; z = 3", "checks.py:32: two statements in one line"),
        ],
    )
    def test_what_cannot_be_told_without_running_it_is_refused(self, old, new, said):
        assert CHECKS.count(old) == 1
        with pytest.raises(UserError, match=re.escape(said)):
            visible(CHECKS.replace(old, new), "checks.py")


class TestFolder:
    @pytest.fixture
    def kit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        return small_kit(tmp_path / "kit", monkeypatch, "exercise1")

    def test_two_releases_are_the_same_bytes(self, kit, tmp_path):
        first, second = tmp_path / "first", tmp_path / "second"
        release(kit, first)
        release(kit, second)
        paths = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
        assert paths == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
        assert all((first / path).read_bytes() == (second / path).read_bytes() for path in paths)
        assert Path("exercises/exercise1.ipynb") in paths

    def test_an_empty_folder_or_an_earlier_release_is_written(self, kit, tmp_path):
        output = tmp_path / "out"
        output.mkdir()
        release(kit, output)
        for left in ("autograder/__pycache__/x.pyc", "backprop_exercises.egg-info/PKG-INFO"):
            (output / left).parent.mkdir()
            (output / left).write_text("")
        solution = kit / "solutions/exercise1.py"
        solution.write_text(solution.read_text().replace("Halves and doubles", "Doubles"))
        release(kit, output)
        assert "# # Doubles" in (output / "exercises/exercise1.py").read_text()
        assert not (output / "autograder/__pycache__").exists()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["kit", "out"]

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            ("exercises/exercise1.py", "mine", "exercise1.py has been changed since it was released"),
            ("notes.txt", "mine", "notes.txt is not of a release"),
            (".git/HEAD", "ref", "HEAD is not of a release"),
            (".release.json", "{}", "is not empty and no release"),
        ],
    )
    def test_nobodys_work_is_overwritten(self, kit, tmp_path, name, text, said):
        output = tmp_path / "out"
        release(kit, output)
        (output / name).parent.mkdir(exist_ok=True)
        (output / name).write_text(text)
        with pytest.raises(UserError, match=re.escape(said)):
            release(kit, output)
        assert (output / name).read_text() == text

    def test_a_link_in_it_is_somebodys_work(self, kit, tmp_path):
        output = tmp_path / "out"
        release(kit, output)
        (output / "more").symlink_to(tmp_path)
        with pytest.raises(UserError, match="more is not of a release"):
            release(kit, output)

    @pytest.mark.parametrize(
        ("output", "said"),
        [("kit", "kit is not empty and no release"), ("file", "is a file"), ("no/folder", "there is no folder")],
    )
    def test_other_places_are_refused(self, kit, tmp_path, output, said):
        (tmp_path / "file").write_text("mine")
        with pytest.raises(UserError, match=said):
            release(kit, tmp_path / output)
        assert (tmp_path / "file").read_text() == "mine"
        assert (kit / "solutions").is_dir()

    def test_a_failure_leaves_the_earlier_release_as_it_was(self, kit, tmp_path, monkeypatch):
        output = tmp_path / "out"
        release(kit, output)
        before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
        rename = Path.rename

        def full(path: Path, target: Path) -> Path:
            if path.name == "new":
                raise OSError(28, os.strerror(28))
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", full)
        with pytest.raises(UserError, match="No space left"):
            release(kit, output)
        assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["kit", "out"]

    @pytest.mark.parametrize("missing", ["LICENSE", "pyproject.toml", "constraints.txt", "solutions/exercise1.py"])
    def test_a_kit_that_lacks_something_is_told_so(self, kit, tmp_path, missing):
        (kit / missing).unlink()
        with pytest.raises(UserError, match=re.escape(missing)):
            release(kit, tmp_path / "out")
        assert releasing.faults(kit)


class TestCommand:
    def test_it_writes_and_says_where(self, tmp_path, monkeypatch):
        monkeypatch.chdir(KIT / "datasets")
        result = CliRunner().invoke(main, ["release", "--output", str(tmp_path / "out")])
        assert result.exit_code == 0, result.output
        assert re.fullmatch(r"wrote \d+ files to .*out; to try them, follow .*out/README.md\n", result.stdout)

    @pytest.mark.parametrize("arguments", [["--lang", "de"], ["--output", "no/such/folder"]])
    def test_what_it_cannot_do_is_one_line(self, arguments, tmp_path, monkeypatch):
        monkeypatch.chdir(KIT)
        result = CliRunner().invoke(main, ["release", "--output", str(tmp_path / "out"), *arguments])
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1
        assert list(tmp_path.iterdir()) == []


class Student:
    """A student's folder with the kit and an environment in which it is installed."""

    def __init__(self, folder: Path) -> None:
        self.kit, self.bin = folder / "kit", folder / "venv" / "bin"
        self.environment = {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(folder), "MPLBACKEND": "agg"}
        [site] = (folder / "venv" / "lib").glob("python*/site-packages")
        # The dependencies that are installed here already, without what any .pth file there adds to them.
        (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
        install = "python -m pip install --quiet --no-deps --no-build-isolation --no-index -e ."
        done = self.run(install)
        assert done.returncode == 0, done.stderr

    def write(self, name: str, text: str) -> Path:
        path = self.kit / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, shell=True, cwd=self.kit, env=self.environment, capture_output=True, text=True, check=False
        )

    def grade(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(" ".join(["grade", *arguments]))


class TestReports:
    """What a report says where some checks run at hand-in only; the instructors' says nothing of it."""

    @pytest.mark.parametrize(
        ("report", "praise", "held"),
        [
            (RIGHT, words.VISIBLE_MARKS, "they hold 6 of the 36 points"),
            (STUB, "", "they hold 6 of the 36 points"),
            (replace(RIGHT, functions=RIGHT.functions[:1]), "", "they hold 1 of the 4 points"),
            (UNLOADABLE, "", "they hold 6 of the"),
        ],
        ids=["right", "stub", "some functions", "unloadable"],
    )
    def test_hidden_points_are_told(self, report, praise, held):
        left_out = (("forward", HeldBack(1, 1)), ("chain_rule_gradients", HeldBack(2, 5)))
        there = replace(report, exercise=replace(report.exercise, at_hand_in=left_out))
        for render in (lambda report: text.render(report, width=100, color=False), html.render):
            said = " ".join(render(there).split())
            assert held in said
            assert praise in said
            assert words.FULL_MARKS not in said
            assert "At hand-in" not in render(report)

    def test_the_record_is_read_or_is_our_fault(self, tmp_path, monkeypatch):
        small_kit(tmp_path, monkeypatch, "exercise1")
        assert catalog.read_exercise(tmp_path, "exercise1").at_hand_in == ()
        record = catalog.CHECKS / catalog.AT_HAND_IN
        record.write_text('{"exercise1": {"half": {"checks": 2, "points": 3}}}')
        assert catalog.read_exercise(tmp_path, "exercise1").at_hand_in == (("half", HeldBack(2, 3)),)
        assert catalog.exercise_names() == ["exercise1"]
        for damaged in ("{", "[]", '{"exercise1": {"half": {}}}', '{"exercise1": 1}'):
            record.write_text(damaged)
            with pytest.raises(GraderError, match=r"at_hand_in\.json cannot be read"):
                catalog.read_exercise(tmp_path, "exercise1")


@pytest.fixture(scope="module")
def student(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Student:
    folder = tmp_path_factory.mktemp("student")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    shutil.copytree(released, folder / "kit")
    return Student(folder)


class TestKit:
    """As a student has it: installed in a fresh environment, without the rest of this kit."""

    def test_the_stubs_earn_nothing_and_hand_in_is_told(self, student: Student):
        done = student.grade("exercise2")
        assert done.returncode == 1, done.stderr
        assert "hidden checks run too; they hold 14 of the 30 points" in " ".join(done.stdout.split())
        assert "0 / 16" in done.stdout
        assert re.search(r"^exercise2 .* 0 / 16$", student.grade().stdout, re.MULTILINE)

    def test_a_solution_earns_all_visible_points_as_script_and_notebook(self, student: Student):
        for exercise in EXERCISES:
            report = json.loads(student.grade(exercise.name, str(exercise.solution), "--format", "json").stdout)
            assert report["score"] == report["max_score"] > 0
            assert {check["visibility"] for check in report["checks"]} == {"visible"}
        assert student.grade("exercise1", "exercises/exercise1.ipynb").returncode == 1

    def test_it_judges_what_it_has_as_the_whole_kit_does(self, student: Student, template):
        half_done = (KIT / "tests/corpus/half_done_exercise2.py").read_text(encoding="utf-8")
        path = student.write("half_done.py", half_done)
        report = json.loads(student.grade("exercise2", str(path), "--format", "json").stdout)
        whole = [
            each
            for each in graded(template, "exercise2", script(half_done)).checks
            if each.check.visibility == "visible"
        ]
        assert [(each["name"], each["outcome"], each["message"]) for each in report["checks"]] == [
            (each.check.name, each.outcome, str(each.message or "")) for each in whole
        ]
        assert {each["outcome"] for each in report["checks"]} == {"passed", "failed", "not_attempted"}

    def test_the_sandbox_and_the_rule_hold(self, student: Student, template):
        checks = student.kit / "autograder/checks/exercise1.py"
        code = f"""
import pathlib
def loss(y_pred, y):
    y_pred = y_pred.clone().requires_grad_()
    torch.sum((y_pred - y) ** 2).backward()
    return torch.sum((y_pred - y) ** 2) / 2
def predict(parameters, x):
    list(pathlib.Path({str(student.kit)!r}).rglob("*"))
    return parameters["a"] * x + parameters["b"] + len(pathlib.Path({str(checks)!r}).read_text())
"""
        solution = (KIT / "solutions/exercise1.py").read_text(encoding="utf-8")
        path = student.write("hostile.py", solution.replace('if __name__ == "__main__":\n    main()\n', code))
        report = json.loads(student.grade("exercise1", str(path), "--format", "json").stdout)
        lost = {each["name"] for each in report["functions"] if each["score"] < each["max_score"]}
        assert lost == {"loss", "predict"}
        assert report["violations"][0]["function"] == "loss"
        isolation = template.isolation(by_hand=True)
        assert report["grader"]["isolation"] == isolation
        if isolation == "sandbox":
            [said] = [each["message"] for each in report["checks"] if each["function"] == "predict"]
            assert "Permission" in said

    def test_there_is_no_command_of_the_instructors(self, student: Student):
        assert not (student.bin / "course").exists()
        assert (student.bin / "grade").is_file()

    def test_the_readme_is_true(self, student: Student):
        readme = (student.kit / "README.md").read_text(encoding="utf-8")
        commands = [
            line.strip() for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) for line in block.split("\n")
        ]
        graded = [command for command in commands if re.match(r"grade|python ", command)]
        assert len(graded) > 6
        for command in graded:
            done = student.run(command)
            assert done.returncode == (1 if re.fullmatch(r"grade exercise.*", command) else 0), (command, done.stderr)
        assert (student.kit / "picture.png").stat().st_size > 1000
        for exercise in EXERCISES:
            assert f"| `{exercise.name}` | {exercise.title}" in readme

    def test_it_needs_what_the_kit_needs_and_no_more(self, student: Student):
        own, whole = (tomllib.loads((kit / "pyproject.toml").read_text("utf-8")) for kit in (student.kit, KIT))
        assert own["project"]["dependencies"] == whole["project"]["dependencies"]
        assert not own["project"].get("optional-dependencies")
        assert own["project"]["scripts"] == {"grade": whole["project"]["scripts"]["grade"]}
