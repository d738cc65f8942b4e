"""The workflows that `course ci` writes for GitHub, run step after step on right, wrong and hostile repositories."""

import json
import re
from pathlib import Path

import pytest
import yaml
from ci_service import COURSE, HALF_DONE, Actions, commands, course, repository, verdict
from hostile_repositories import HOSTILE, RIGHT, SHOUTING, WRONG
from places import KIT


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    course("ci", "github", "--exercise", "exercise2", "--pass-mark", 80, "--output", folder)
    return folder


def pushed(folder: Path, written: Path, files: dict[str, str | bytes]) -> tuple[Actions, bool]:
    """Grade a student's repository; the runner, and whether the job succeeded."""
    ours = {path.relative_to(written).as_posix(): path.read_bytes() for path in written.rglob("*") if path.is_file()}
    student = repository(folder / "student", {"README.md": "", **files, **ours})
    workflow = yaml.safe_load((written / ".github/workflows/grade.yml").read_text())
    runner = Actions(folder, student)
    return runner, runner.run(workflow["jobs"]["grade"])


def report(runner: Actions) -> Path:
    return runner.artifacts / "reports" / "exercise2.json"


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory, written: Path) -> tuple[Actions, bool]:
    return pushed(tmp_path_factory.mktemp("wrong"), written, {"exercises/exercise2.py": WRONG})


def test_a_right_repository_passes(tmp_path: Path, written: Path) -> None:
    runner, is_well = pushed(tmp_path, written, {"exercises/exercise2.py": RIGHT})
    assert is_well, runner.log
    assert {score == most for score, most, _ in verdict(report(runner)).values()} == {True}
    assert [command.partition("::See")[0] for command in commands(runner.log)] == [
        "::notice title=exercise2%3A 16 / 16 points"
    ]


def test_a_wrong_repository_fails_below_the_pass_mark_and_says_where(wrong: tuple[Actions, bool]) -> None:
    runner, is_well = wrong
    assert not is_well
    assert verdict(report(runner)) == HALF_DONE
    told = commands(runner.log)
    assert any(
        command.startswith("::error file=exercises/exercise2.py,line=20,title=chain_rule_gradients") for command in told
    )
    assert sum(command.startswith("::error") for command in told) == 1


def test_every_form_has_the_same_verdict(wrong: tuple[Actions, bool]) -> None:
    runner, _ = wrong
    points = verdict(report(runner))
    total = f"{sum(one[0] for one in points.values())} / {sum(one[1] for one in points.values())}"
    rows = re.findall(r"^\| \S \| `(\w+)` \| (\d+) / (\d+) \|$", runner.summary, re.MULTILINE)
    assert {name: (int(score), int(most)) for name, score, most in rows} == {
        name: one[:2] for name, one in points.items()
    }
    assert any(command.startswith(f"::notice title=exercise2%3A {total} points") for command in commands(runner.log))
    assert f"<title>exercise2: {total}</title>" in report(runner).with_suffix(".html").read_text()


def test_a_hostile_repository_changes_nothing(tmp_path: Path, written: Path, wrong: tuple[Actions, bool]) -> None:
    files = {**HOSTILE, "exercises/exercise2.py": WRONG + SHOUTING}
    runner, is_well = pushed(tmp_path, written, files)
    assert not is_well
    assert verdict(report(runner)) == verdict(report(wrong[0]))
    assert commands(runner.log) == commands(wrong[0].log)
    assert "HIJACKED" not in runner.log
    assert "\x1b" not in runner.log + runner.summary
    # What it printed stands in a block of code, whose fence is longer than any in it.
    assert "<script>" not in re.sub(r"^(`{3,})text\n.*?^\1$", "", runner.summary, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("change", ["another archive", "no archive"])
def test_another_grader_is_not_run(tmp_path: Path, written: Path, change: str) -> None:
    student = repository(tmp_path / "student", {"exercises/exercise2.py": WRONG, ".github/workflows/grade.yml": ""})
    if change == "another archive":
        repository(student, {".github/grader.zip": b"PK"})
    workflow = yaml.safe_load((written / ".github/workflows/grade.yml").read_text())
    runner = Actions(tmp_path, student)
    assert not runner.run(workflow["jobs"]["grade"])
    assert commands(runner.log) == [
        "::error title=The grader::.github/grader.zip is not as it was handed out; put it back"
    ]
    assert not report(runner).exists()


def test_hidden_checks_come_from_a_private_action_without_a_secret(tmp_path: Path) -> None:
    course("ci", "class", "--output", tmp_path / "class")
    course("ci", "github", "--exercise", "exercise2", "--grader", "course/grader@v1", "--output", tmp_path / "written")
    text = (tmp_path / "written/.github/workflows/grade.yml").read_text()
    assert "secrets" not in text
    assert not (tmp_path / "written/.github/grader.zip").exists()
    steps = yaml.safe_load(text)["jobs"]["grade"]["steps"]
    assert [step["uses"] for step in steps if step.get("id") == "grader"] == ["course/grader@v1"]
    runner = Actions(tmp_path, tmp_path, {"course/grader@v1": tmp_path / "class"})
    runner.workspace = runner.temp = tmp_path
    runner.path = []
    runner._composite("grader", tmp_path / "class")
    outputs = {name: runner.context[f"steps.grader.outputs.{name}"] for name in ("kit", "package")}
    assert outputs == {"kit": str(tmp_path / "class"), "package": str(tmp_path / "class")}


def test_the_class_is_graded_without_the_token_in_reach(tmp_path: Path) -> None:
    """Clones by a stand-in for `gh`; then the grades, from the jobs' own steps."""
    course("ci", "class", "--output", tmp_path / "class")
    workflow = yaml.safe_load((tmp_path / "class/.github/workflows/grade-class.yml").read_text())
    assert workflow["permissions"] == {}
    fetch, grade = workflow["jobs"]["fetch"], workflow["jobs"]["grade"]
    assert "secrets" in json.dumps(fetch)
    assert re.findall(r"secrets\.\w+", json.dumps(grade)) == ["secrets.COURSE_SECRET"]
    stub = (KIT / "exercises" / "exercise2.py").read_text()
    for student, files in {
        "jane": {"exercises/exercise2.py": RIGHT, "exercises/exercise1.py": RIGHT, 'odd: "name"?.txt': ""},
        "john": {"exercises/exercise2.py": WRONG, "README.md": "", "solutions/exercise2.py": RIGHT},
        "late": {"exercises/exercise2.py": stub},
        "none": {"README.md": ""},
    }.items():
        repository(tmp_path / "org" / f"cs-exercise2-{student}", files)
    linked = tmp_path / "org" / "cs-exercise2-link"
    (linked / "exercises").mkdir(parents=True)
    (linked / "exercises" / "exercise2.py").symlink_to(KIT / "solutions" / "exercise2.py")
    repository(linked, {})
    repository(tmp_path / "org" / "cs-exercise1-jane", {"exercises/exercise1.py": RIGHT})
    runner = Actions(
        tmp_path / "run",
        KIT,
        secrets__CLASS_TOKEN="t0ken",
        inputs__organization=str(tmp_path / "org"),
        inputs__exercise="exercise2",
        inputs__prefix="cs-exercise2-",
        inputs__deadline="2026-12-01 23:59 UTC",
        inputs__late_penalty="5/day",
        secrets__COURSE_SECRET="",
    )
    gh = runner.python / "gh"
    gh.write_text(
        '#!/bin/sh\nif [ "$2" = list ]; then ls "$3" | sed "s/$/ 2026-12-02T09:00:00Z/"; exit; fi\n'
        "shift 2; from=$1 to=$2; shift 3\n"
        'exec git clone "$@" "file://$from" "$to"\n'
    )
    gh.chmod(0o755)
    assert runner.run(fetch), runner.log
    # The second job, from here on as it is but for the checkout and the installation of this very kit.
    (runner.python / "course").write_text(f'#!/bin/sh\nPYTHONPATH={KIT} exec python3 -c "{COURSE}" "$@"\n')
    (runner.python / "course").chmod(0o755)
    grade["steps"] = [step for step in grade["steps"] if step["name"] not in ("Check out", "Set up Python", "Install")]
    text = json.dumps(grade).replace('"course ', f'"cd {KIT}\\ncourse ').replace("\\ncourse", f"\\ncd {KIT}; course")
    assert runner.run(json.loads(text)), runner.log
    lines = (runner.artifacts / "graded-exercise2" / "grades.csv").read_text().splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["jane", "25", "30"],  # pushed on the day after
        ["john", "11", "30"],
        ["late", "0", "30"],
        ["link", "0", "30"],
    ]
    assert "not graded: none has no exercise2.py or exercise2.ipynb in it" in runner.log
    assert "t0ken" not in "".join(path.read_text() for path in runner.artifacts.rglob("*.json"))
