"""What `course ci` writes: well-formed, pinned, with few rights, the same bytes each time."""

import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO

import pytest
import yaml
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
            "\n".join(each.decode() for each in ci._written(templates, chosen, exercise="x", digest="d").values())
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
    """Where it would be code; nor is there a secret in a job that grades."""
    for job in workflow(name)["jobs"].values():
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


@pytest.mark.parametrize("service", ["github", "gitlab", "classroom50"])
def test_what_students_get_has_no_hidden_check(service: str) -> None:
    [held] = [data for path, data in written(service).items() if path.endswith(".zip")]
    outer = zipfile.ZipFile(BytesIO(held))
    assert not any(name.startswith("solutions/") for name in outer.namelist())
    with zipfile.ZipFile(BytesIO(outer.read(WHEEL))) as wheel:
        assert "autograder/checks/exercise2.cases.json" in wheel.namelist()
        assert "autograder/checks/exercise2.py" not in wheel.namelist()
