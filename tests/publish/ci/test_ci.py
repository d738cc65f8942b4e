"""What `course ci` writes: well-formed, pinned, with few rights, the same bytes each time."""

import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from ci_service import commit, repository
from places import KIT

from autograder.authoring import catalog
from autograder.errors import UserError
from autograder.publish import ci
from autograder.publish.ci import graders
from autograder.publish.ci.graders import WHEEL

NAMES = tuple(catalog.exercise_names())
INDEX = "https://index.example/cpu"


PRIVATE = {"grader": "a/b@v1"}
OWN = [path.name for path in (KIT / ".github" / "workflows").glob("*.yml")]
workflows = pytest.mark.parametrize("name", ["github", "github, private", "class", *OWN])


def settings(service: str, **more: object) -> ci.Settings:
    return ci.Settings(NAMES[1:2] if service in ci.ONE_EXERCISE else NAMES, **more)


@pytest.fixture(autouse=True, scope="module")
def _one_release() -> Iterator[None]:
    """What students get takes twenty seconds to work out; that it is the same each time is shown where it is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graders, "released", cache(graders.released))
        yield


@cache
def written(service: str, **more: object) -> dict[str, bytes]:
    return {str(path): data for path, data in ci.files_for(service, KIT, settings(service, **more)).items()}


def texts(service: str, **more: object) -> dict[str, str]:
    return {path: data.decode() for path, data in written(service, **more).items() if not path.endswith(".zip")}


def workflow(name: str) -> dict:
    if name in OWN:
        return yaml.safe_load((KIT / ".github" / "workflows" / name).read_text())
    service, _, private = name.partition(", ")
    [text] = [text for path, text in texts(service, **PRIVATE if private else {}).items() if "workflows" in path]
    return yaml.safe_load(text)


@pytest.mark.parametrize("service", ci.SERVICES)
def test_the_same_bytes_each_time(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_SECRET", "a word of the course's")  # else there is a random one
    files = ci.files_for(service, KIT, settings(service))
    written.cache_clear()
    assert {str(path): data for path, data in files.items()} == written(service)
    written.cache_clear()


def test_every_service_can_give_partial_credit() -> None:
    """Its command says so where it is wanted, in the same line, and nowhere else."""
    for service in ci.SERVICES:
        templates = {path.format("x"): name for path, name in ci.SERVICES[service].items()}
        plain, partial = (
            b"".join(
                each.partition(ci.STAMP)[0]
                for each in ci._written(templates, chosen, exercise="x", digest="d").values()
            ).decode()
            for chosen in (settings(service), settings(service, credit="check"))
        )
        told = partial.replace(" --credit check", "").replace(', "--credit", "check"', "")
        assert (told == plain, partial != plain) == (True, True), service


def test_each_archive_has_hidden_cases_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def secret() -> str:
        (data,) = ci.files_for("gradescope", KIT, settings("gradescope")).values()
        return zipfile.ZipFile(BytesIO(data)).read("secret").decode()

    monkeypatch.delenv("COURSE_SECRET", raising=False)
    first, second = secret(), secret()
    assert first != second
    assert len(first) == 32
    monkeypatch.setenv("COURSE_SECRET", "ours")
    assert secret() == "ours"


@pytest.mark.parametrize("name", ["github, private", "class"])
def test_each_run_with_hidden_checks_has_hidden_cases_of_its_own(name: str) -> None:
    (grade,) = (step["run"] for step in workflow(name)["jobs"]["grade"]["steps"] if step["name"] == "Grade")
    lines = [line for line in grade.splitlines() if "COURSE_SECRET" in line]
    words = {
        subprocess.run(["bash", "-c", "\n".join([*lines, "printenv COURSE_SECRET"])], capture_output=True).stdout
        for _ in range(2)
    }
    assert len(words) == 2
    assert all(re.fullmatch(rb"[0-9a-f]{32}\n", word) for word in words)


@workflows
def test_workflows_are_pinned_and_have_few_rights(name: str) -> None:
    whole = workflow(name)
    assert whole["permissions"] in ({}, {"contents": "read"})
    for job in whole["jobs"].values():
        assert job.get("permissions", {}) in ({}, {"contents": "read"})
        assert job["timeout-minutes"] <= 120
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}|a/b@v1", step["uses"])
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


@workflows
def test_no_expression_stands_in_a_script(name: str) -> None:
    """Where it would be code; nor is there a secret in a job that grades, but for what hidden cases are drawn from."""
    for job in workflow(name)["jobs"].values():
        assert not [step["run"] for step in job["steps"] if "${{" in step.get("run", "")]
        if any("job " in step.get("run", "") or "course grade" in step.get("run", "") for step in job["steps"]):
            assert set(re.findall(r"secrets\.(\w+)", json.dumps(job))) <= {"COURSE_SECRET"}


@cache
def chooser(service: str, exercises: tuple[str, ...] = NAMES) -> str:
    """The shell that chooses what is graded, as the service runs it; it prints what."""
    (text,) = (
        data.decode()
        for path, data in ci.files_for(service, KIT, ci.Settings(exercises, **PRIVATE)).items()
        if path.suffix == ".yml"
    )
    whole = yaml.safe_load(text)
    if service == "gitlab":
        return next(line for line in whole["grade"]["script"] if "git diff" in line)
    return next(step["run"] for step in whole["jobs"]["grade"]["steps"] if step["name"] == "Choose")


def chosen(folder: Path, service: str, before: str, exercises: tuple[str, ...] = NAMES) -> list[str]:
    """What is graded of a push, of which a service says what was there before."""
    told = {"BEFORE": before, "CI_COMMIT_BEFORE_SHA": before, "GITHUB_OUTPUT": "/dev/null"}
    script = chooser(service, exercises)
    options = ["-eo", "pipefail"] if service == "gitlab" else ["-e"]  # as GitHub runs a step that names no shell
    command = ["bash", "--noprofile", "--norc", *options, "-c", script]
    done = subprocess.run(command, cwd=folder, env={**os.environ, **told}, capture_output=True, text=True, check=True)
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("graded:"))
    return [] if "nothing" in line else line.removeprefix("graded:").split()


ONE, TWO = "exercises/exercise1.py", "exercises/exercise2.py"
PUSHES: dict[str, tuple[dict[str, str | None], tuple[str, ...]]] = {
    "a README": ({"README.md": "more", "datasets/line.csv": "x"}, ()),
    "an exercise": ({ONE: "x = 1\n", "README.md": "more"}, ("exercise1",)),
    "a notebook of odd name": ({"mine/My Exercise2 (1).IPYNB": "{}"}, ("exercise2",)),
    "one that is no other's number": ({"exercise10.py": "", ONE: "y = 1\n"}, NAMES),
    "two": ({ONE: "x = 1\n", TWO: "x = 1\n"}, ("exercise1", "exercise2")),
    "a file that is gone": ({TWO: None}, ("exercise2",)),
    "a script that may be of any": ({"solution.py": "", ONE: "x = 1\n"}, NAMES),
    "a name that git would quote": ({'exercises/"ä"\n exercise2.py': ""}, ("exercise2",)),
    "the grader": ({".github/grader.zip": "", ".gitlab-ci.yml": ""}, NAMES),
}


@pytest.mark.parametrize("push", PUSHES)
def test_only_what_a_push_changed_is_graded(tmp_path: Path, push: str) -> None:
    repository(tmp_path, {ONE: "", TWO: "", "README.md": ""})
    before = commit(tmp_path)
    files, expected = PUSHES[push]
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).unlink() if text is None else (tmp_path / name).write_text(text)
    repository(tmp_path, {})
    assert {service: chosen(tmp_path, service, before) for service in ("github", "gitlab")} == {
        "github": [*expected],
        "gitlab": [*expected],
    }


def test_of_several_commits_of_a_push_all_count(tmp_path: Path) -> None:
    before = commit(repository(tmp_path, {ONE: "", TWO: "", "README.md": ""}))
    repository(tmp_path, {ONE: "x = 1\n"})
    repository(tmp_path, {"README.md": "more"})
    assert chosen(tmp_path, "github", before) == ["exercise1"]
    assert chosen(tmp_path, "github", before, ("exercise2",)) == []  # in a course that grades but that one


@pytest.mark.parametrize("before", ["", "0" * 40, "1234567" * 5 + "89abc"])
def test_where_a_change_cannot_be_told_all_are_graded(tmp_path: Path, before: str) -> None:
    """At a first push, by hand, after a push that threw commits away."""
    repository(tmp_path, {ONE: "", "README.md": ""})
    assert chosen(tmp_path, "github", before) == chosen(tmp_path, "gitlab", before) == [*NAMES]


def test_a_push_without_a_script_starts_nothing() -> None:
    github, gitlab = (yaml.load(*texts(name).values(), Loader=yaml.BaseLoader) for name in ("github", "gitlab"))
    assert github["on"]["push"]["paths"] == ["**.py", "**.ipynb", ".github/**"]
    assert gitlab["grade"]["rules"][1]["changes"] == ["**/*.py", "**/*.ipynb", ".gitlab-ci.yml", ".gitlab/**/*"]


def test_torch_is_the_one_for_processors_unless_an_index_is_named() -> None:
    for service in ("github", "gitlab", "class"):
        assert f"uv=={ci.UV}; uv pip install --quiet --system --torch-backend cpu -c" in "".join(
            texts(service).values()
        )
        assert "uv" not in "".join(texts(service, torch_index=INDEX).values())


def test_the_pass_mark_says_of_which_points() -> None:
    assert "50 % of its points, those of the visible checks." in "".join(texts("github").values())
    private = "".join(texts("github", pass_mark=80, credit="check", **PRIVATE).values())
    assert "80 % of its points, those of all checks." in private
    assert "--pass-mark 80 --credit check" in private


def test_a_file_that_somebody_has_edited_is_not_overwritten(tmp_path: Path) -> None:
    def write(**more: object) -> None:
        ci.write(ci.files_for("github", KIT, settings("github", **PRIVATE, **more)), tmp_path)

    write()
    path = tmp_path / ".github/workflows/grade.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))  # as git checks out on Windows
    write(pass_mark=80)  # of another version
    assert b"--pass-mark 80" in path.read_bytes()
    edited = path.read_bytes().replace(b"pass-mark 80", b"pass-mark 10")
    for found in (edited, b"on: push\n", b""):
        path.write_bytes(found)
        with pytest.raises(UserError, match=r"grade\.yml has been edited; move it away"):
            write()
        assert path.read_bytes() == found


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


@pytest.mark.parametrize("service", ["github", "gitlab", "classroom50"])
def test_what_students_get_has_no_hidden_check(service: str) -> None:
    [held] = [data for path, data in written(service).items() if path.endswith(".zip")]
    outer = zipfile.ZipFile(BytesIO(held))
    assert not any(name.startswith("solutions/") for name in outer.namelist())
    with zipfile.ZipFile(BytesIO(outer.read(WHEEL))) as wheel:
        assert "autograder/checks/exercise2.cases.json" in wheel.namelist()
        assert "autograder/checks/exercise2.py" not in wheel.namelist()
