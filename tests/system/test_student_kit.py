"""The student kit as a student has it: installed in a fresh environment, without the rest of this kit."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from places import KIT
from released_kit import released_kit
from students import graded, script

from autograder.authoring import catalog

EXERCISES = catalog.exercises(KIT)


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


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Student:
    folder = tmp_path_factory.mktemp("student")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    shutil.copytree(released_kit(tmp_path_factory), folder / "kit")
    return Student(folder)


def test_the_stubs_earn_nothing(student: Student):
    done = student.grade("exercise2")
    assert done.returncode == 1, done.stderr
    assert "0 / 16" in done.stdout
    assert re.search(r"^exercise2 .* 0 / 16$", student.grade().stdout, re.MULTILINE)


def test_a_solution_earns_all_visible_points_as_script_and_notebook(student: Student):
    for exercise in EXERCISES:
        report = json.loads(student.grade(exercise.name, str(exercise.solution), "--format", "json").stdout)
        assert report["score"] == report["max_score"] > 0
        assert {check["visibility"] for check in report["checks"]} == {"visible"}
    assert student.grade("exercise1", "exercises/exercise1.ipynb").returncode == 1


def test_it_judges_what_it_has_as_the_whole_kit_does(student: Student, fork_server):
    half_done = (KIT / "tests/corpus/half_done_exercise2.py").read_text(encoding="utf-8")
    path = student.write("half_done.py", half_done)
    report = json.loads(student.grade("exercise2", str(path), "--format", "json").stdout)
    whole = {
        each.check.name: (each.outcome, str(each.message or ""))
        for each in graded(fork_server, "exercise2", script(half_done)).checks
        if each.check.visibility == "visible"
    }
    here = {each["name"]: (each["outcome"], each["message"]) for each in report["checks"]}
    assert [*here] == [*whole]
    waiting = {name for name, said in here.items() if said[0] == "blocked"}
    assert {name: said for name, said in here.items() if name not in waiting} == {
        name: said for name, said in whole.items() if name not in waiting
    }
    assert {outcome for outcome, _ in here.values()} >= {"passed", "failed", "not_attempted"}


def test_the_sandbox_and_the_rule_hold(student: Student, fork_server):
    checks = student.kit / "autograder/checks/exercise1.cases.json"
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
    assert {each["name"]: each["outcome"] for each in report["functions"] if each["score"] < each["max_score"]} == {
        "predict": "failed",
        "loss": "failed",
        "manual_gradients": "blocked",  # it calls predict, and nobody here could answer for that
        "train_epoch": "blocked",
    }
    assert report["violations"][0]["function"] == "loss"
    isolation = fork_server.isolation()
    assert report["grader"]["isolation"] == isolation
    if isolation == "sandbox":
        [said] = [each["message"] for each in report["checks"] if each["function"] == "predict"]
        assert "Permission" in said


def test_there_is_no_command_of_the_instructors(student: Student):
    assert not (student.bin / "course").exists()
    assert (student.bin / "grade").is_file()


def test_the_readme_is_true(student: Student):
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


def test_it_needs_what_the_kit_needs_and_no_more(student: Student):
    own, whole = (tomllib.loads((kit / "pyproject.toml").read_text("utf-8")) for kit in (student.kit, KIT))
    assert own["project"]["dependencies"] == whole["project"]["dependencies"]
    assert not own["project"].get("optional-dependencies")
    assert own["project"]["scripts"] == {"grade": whole["project"]["scripts"]["grade"]}
