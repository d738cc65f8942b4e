"""What `course ci` writes: well-formed, pinned, with few rights; GitLab's and Classroom 50's, run as they are."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path, PurePosixPath

import pytest
import yaml
from ci_service import HALF_DONE, course, environment, python3, repository, verdict
from click.testing import CliRunner
from hostile_repositories import HOSTILE, SHOUTING, WRONG
from places import KIT

from autograder.authoring import catalog
from autograder.cli.course import main
from autograder.errors import UserError
from autograder.publish import ci
from autograder.publish.ci.graders import archive
from autograder.submissions.upload import submissions

EXERCISE = catalog.find_exercise(KIT, "exercise2")
STUB, RIGHT = EXERCISE.stub.read_text(), (KIT / "solutions" / "exercise2.py").read_text()
NAMES = tuple(catalog.exercise_names())
ONE = ("exercise2",)
INDEX = "https://index.example/cpu"
IDENTITY = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "exercise2",
    "OWNER": "jane",
    "SUBMISSION_TAG": "submit/2026-11-01T10-00-00Z-abc1234",
    "COMMIT_URL": "https://example.org/commit/1",
    "RELEASE_URL": "https://example.org/release/1",
}


def settings(service: str, **more: object) -> ci.Settings:
    return ci.Settings(ONE if service in ci.ONE_EXERCISE else NAMES, **more)


def texts(service: str, **more: object) -> dict[str, str]:
    files = ci.files_for(service, KIT, settings(service, **more))
    return {str(path): data.decode() for path, data in files.items() if path.suffix != ".zip"}


def workflows() -> dict[str, dict]:
    found = {**texts("github"), **texts("class"), **texts("github", grader="a/b@v1")}
    found = {name: yaml.safe_load(text) for name, text in found.items() if "workflows" in name}
    own = KIT / ".github" / "workflows"
    return found | {path.name: yaml.safe_load(path.read_text()) for path in own.glob("*.yml")}


@pytest.mark.parametrize("service", ci.SERVICES)
def test_the_same_bytes_each_time(service: str) -> None:
    assert ci.files_for(service, KIT, settings(service)) == ci.files_for(service, KIT, settings(service))


@pytest.mark.parametrize("name", workflows())
def test_workflows_are_pinned_and_have_few_rights(name: str) -> None:
    workflow = workflows()[name]
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for job in workflow["jobs"].values():
        assert job.get("permissions", {}) in ({}, {"contents": "read"})
        assert job["timeout-minutes"] <= 120
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}|a/b@v1", step["uses"])
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", workflows())
def test_no_expression_stands_in_a_script(name: str) -> None:
    """Where it would be code; nor is there a secret in a job that grades."""
    for job in workflows()[name]["jobs"].values():
        assert not [step["run"] for step in job["steps"] if "${{" in step.get("run", "")]
        if any("job " in step.get("run", "") or "course grade" in step.get("run", "") for step in job["steps"]):
            assert "secrets." not in json.dumps(job)


def test_all_exercises_are_in_the_matrix() -> None:
    github = yaml.safe_load(texts("github")[".github/workflows/grade.yml"])
    gitlab = yaml.safe_load(texts("gitlab")[".gitlab-ci.yml"])
    assert github["jobs"]["grade"]["strategy"]["matrix"]["exercise"] == list(NAMES)
    assert gitlab["grade"]["parallel"]["matrix"] == [{"EXERCISE": list(NAMES)}]


@pytest.mark.parametrize("service", ["github", "gitlab", "classroom50", "class"])
def test_the_index_for_torch_is_the_instructor_s(service: str) -> None:
    assert INDEX in "".join(texts(service, torch_index=INDEX).values())
    assert "https://" not in "".join(texts(service).values())


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"torch_index": 'https://x"; rm -rf /'}, "is no address"),
        ({"torch_index": "$(id)"}, "is no address"),
        ({"grader": "a/b"}, "is no action"),
        ({"grader": "a/b@v1 # x\n"}, "is no action"),
    ],
)
def test_settings_that_would_be_code_are_refused(more: dict[str, str], reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        ci.files_for("github", KIT, settings("github", **more))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gradescope",), "course: gradescope grades one exercise at a time; name it with --exercise"),
        (("classroom50", "--exercise", "exercise1", "--exercise", "exercise2"), "one exercise at a time"),
        (("github", "--exercise", "exercise9"), "there is no exercise 'exercise9'"),
        (("gitlab", "--grader", "a/b@v1"), "a --grader is an action, and gitlab knows none"),
    ],
)
def test_usage_errors_are_a_line(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["ci", *arguments, "--output", str(tmp_path / "new")])
    assert (done.exit_code, said in done.stderr) == (2, True)
    assert not (tmp_path / "new").exists()


def test_the_page_s_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In their order, so that the release and the workflow go into one folder."""
    monkeypatch.chdir(KIT)
    page = (KIT / "docs" / "ci.md").read_text()
    commands = re.findall(r"^ *course ((?:release|ci) .+)$", page, re.MULTILINE)
    assert len(commands) == 7
    for command in commands:
        words = re.sub(r"--output (\S+)", rf"--output {tmp_path}/\1", command).split()
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, done.output
    assert (tmp_path / "template" / "exercises" / "exercise1.ipynb").is_file()
    assert (tmp_path / "template" / ".github" / "workflows" / "grade.yml").is_file()


@pytest.mark.parametrize("service", ["github", "gitlab", "classroom50"])
def test_what_students_get_has_no_hidden_check(service: str) -> None:
    files = ci.files_for(service, KIT, settings(service))
    (held,) = [data for path, data in files.items() if path.suffix == ".zip"]
    assert b"solutions/" not in held
    assert archive({PurePosixPath("a"): b"a"}) == archive({PurePosixPath("a"): b"a"})


# GitLab


def gitlab(folder: Path, files: dict[str, str | bytes]) -> tuple[Path, str, bool]:
    """Run the pipeline's script as GitLab does, in a clone; the clone, the log, and whether it succeeded."""
    written = ci.files_for("gitlab", KIT, ci.Settings(ONE, pass_mark=80))
    ours = {str(path): data for path, data in written.items()}
    student = repository(folder / "student", {**files, **ours})
    job = yaml.safe_load(ours[".gitlab-ci.yml"])["grade"]
    clone, fresh = folder / "clone", folder / "python"
    subprocess.run(["git", "clone", "--quiet", student, clone], check=True)
    subprocess.run([python3(folder / "bin") / "python3", "-m", "venv", fresh], check=True)
    variables = {name: value.replace("$CI_PROJECT_DIR", str(clone)) for name, value in job["variables"].items()}
    given = environment(fresh / "bin", **variables, CI_PROJECT_DIR=clone, EXERCISE="exercise2")
    script = "set -eo pipefail\n" + "\n".join(job["script"])
    done = subprocess.run(
        ["bash", "-c", script], cwd=clone, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return clone / "reports", done.stdout, done.returncode == 0


def test_gitlab_grades_a_hostile_repository_as_any_other(tmp_path: Path) -> None:
    files = {**HOSTILE, "exercises/exercise2.py": WRONG + SHOUTING, ".pip-cache/x": "forged"}
    reports, log, is_well = gitlab(tmp_path, files)
    assert not is_well
    points = verdict(reports / "exercise2.json")
    assert points == HALF_DONE
    suite = ET.parse(reports / "exercise2.xml").getroot()[0]
    shown = {case.get("name"): case.find("failure") is None for case in suite.iter("testcase")}
    assert shown == {name: outcome == "passed" for name, (_, _, outcome) in points.items()}
    told = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert {name: told[f"points.{name}"] for name in points} == {
        name: f"{score} / {most}" for name, (score, most, _) in points.items()
    }
    assert {case.get("file") for case in suite.iter("testcase")} == {"exercises/exercise2.py"}
    assert "HIJACKED" not in log
    assert "\x1b" not in log


# Classroom 50


def classroom50(folder: Path, files: dict[str, str]) -> tuple[int, Path]:
    """Run the autograder in a checkout, as Classroom 50's runner does; its exit code, and the checkout."""
    course("ci", "classroom50", "--exercise", "exercise2", "--output", folder / "written")
    checkout = repository(folder / "checkout", files)
    python = python3(folder / "bin") / "python3"
    start = "import runpy, sys; sys.executable = sys.argv[2]; runpy.run_path(sys.argv[1], run_name='__main__')"
    script = folder / "written" / "autograders" / "exercise2" / "autograder.py"
    given = environment(python.parent, **IDENTITY, RUNNER_TEMP=folder)
    done = subprocess.run(
        [sys.executable, "-P", "-c", start, script, python], cwd=checkout, env=given, capture_output=True, text=True
    )
    return done.returncode, checkout


def test_classroom_50_gets_its_result(tmp_path: Path) -> None:
    forged = {"result.json": '{"score": 30}', "release-body.md": "forged", "exercises/exercise2.py": WRONG + SHOUTING}
    code, checkout = classroom50(tmp_path, {**HOSTILE, **forged})
    assert code == 0  # points are missing, and that is a verdict
    result = json.loads((checkout / "result.json").read_text())
    assert (result["schema"], result["owner"], result["assignment"]) == ("classroom50/result/v1", "jane", "exercise2")
    assert {
        test["test-name"]: (test["score"], test["max-score"], test["outcome"]) for test in result["tests"]
    } == HALF_DONE
    assert (result["score"], result["max-score"]) == (9, 16)
    assert (checkout / "release-body.md").read_text().startswith("## exercise2 — Two layers, one factor: 9 / 16")


def test_classroom_50_is_told_when_there_is_no_verdict(tmp_path: Path) -> None:
    text = texts("classroom50")["autograders/exercise2/autograder.py"]
    (tmp_path / "autograder.py").write_text(text)  # and no grader beside it
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "result.json").write_text("forged")
    command = [sys.executable, tmp_path / "autograder.py"]
    done = subprocess.run(command, cwd=tmp_path / "checkout", capture_output=True, check=False)
    assert done.returncode == 1
    assert not (tmp_path / "checkout" / "result.json").exists()


# What was handed in


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"exercise2.py": RIGHT, "exercise1.py": RIGHT, "autograder/checks/exercise2.py": ""}, ["exercise2.py"]),
        ({"a/exercises/exercise2.py": RIGHT, "exercise2.py": RIGHT}, ["a/exercises/exercise2.py"]),
        ({"a/b/exercise2.py": RIGHT, "a/exercise2.py": RIGHT}, ["a/exercise2.py"]),
        ({"Exercise2-1.PY": RIGHT, "notes.py": RIGHT}, ["Exercise2-1.PY"]),
        ({"exercise2.py": STUB, "exercise2 (1).py": RIGHT}, ["exercise2 (1).py"]),
        ({"exercise2.py": STUB}, ["exercise2.py"]),
        ({"exercise2.py": "def f(:", "exercise2 (1).py": STUB}, ["exercise2.py"]),
        ({"a.py": RIGHT, "b.py": RIGHT}, ["a.py", "b.py"]),
        ({".venv/exercise2.py": RIGHT, "__MACOSX/exercise2.py": RIGHT, "mine.py": RIGHT}, ["mine.py"]),
    ],
)
def test_what_is_meant(tmp_path: Path, files: dict[str, str], found: list[str]) -> None:
    assert [one.path.as_posix() for one in submissions(put(tmp_path, files), EXERCISE)] == found


def test_pipes_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "exercise2.py")
    with pytest.raises(UserError, match=r"exercise2\.py is a link or no ordinary file"):
        submissions(tmp_path, EXERCISE)
