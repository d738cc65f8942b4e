"""The README's promises: its commands run, what it shows is what they print, and the CI runs its two commands."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ci_service import repository
from places import KIT
from small_kit import part_of_kit

from autograder.authoring import catalog

README = (KIT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^ *```sh\n(.*?)^ *```", README, re.MULTILINE | re.DOTALL)
INSTALL_AND_GRADE, INSTALL_AND_TEST = (block.strip() for block in BLOCKS[:2])
COMMANDS = [line.strip() for block in BLOCKS[2:] for line in block.splitlines()]
POINTS_MISSING = 1
AUDITS = ("course check", "course build --check")  # of the whole kit


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a reader has; the installed commands act on the kit they are run in."""
    return repository(part_of_kit(tmp_path_factory.mktemp("reader") / "kit", "exercise1", "exercise2"), {})


def run(command: str, kit: Path) -> subprocess.CompletedProcess[str]:
    """Run one of the README's commands with the interpreter of this test."""
    words = command.split()
    script = {"grade": "autograder.cli.grade", "course": "autograder.cli.course"}.get(words[0])
    start = [sys.executable, "-c", f"import sys; sys.argv[0] = {words[0]!r}; from {script} import main; main()"]
    environment = {"PYTHONPATH": str(kit), "HOME": str(kit.parent), "PATH": "/usr/bin:/bin", "MPLBACKEND": "Agg"}
    called = [*(start if script else [sys.executable]), *words[1:]]
    return subprocess.run(called, cwd=kit, env=environment, capture_output=True, text=True, check=False)


def test_the_two_commands_stand_at_the_top() -> None:
    assert INSTALL_AND_GRADE.endswith("pip install -c constraints.txt -e . && grade exercise1")
    assert INSTALL_AND_TEST.endswith('pip install -c constraints.txt -e ".[dev]" && pytest')


@pytest.mark.parametrize("path", ["README.md", "autograder/publish/release/README.md.j2"])
def test_the_other_ways_to_install_ask_for_the_same(path: str) -> None:
    """They need a network or another system, and so nobody runs them here."""
    prose = re.sub(r"```.*?```", "", (KIT / path).read_text(encoding="utf-8"), flags=re.DOTALL)
    with_uv, in_powershell = re.findall(r"`([^`]*pip install -[^`]*)`", prose)
    made, installed = INSTALL_AND_GRADE.split(" && pip install ")
    what = installed.removesuffix(" && grade exercise1")
    assert with_uv == f"{made} && pip install uv && uv pip install --torch-backend cpu {what}"
    assert in_powershell == rf"py -m venv .venv; .venv\Scripts\Activate.ps1; pip install {what}"


def test_what_grades_at_each_save_is_told_at_once() -> None:
    for path in ("README.md", "autograder/publish/release/README.md.j2"):
        assert "grade exercise1 --watch" in "\n".join((KIT / path).read_text(encoding="utf-8").split("\n")[:10])


def test_the_editor_s_tasks_grade_the_file_at_hand() -> None:
    tasks = json.loads((KIT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    said = ["-m", "autograder.cli.grade", "${file}"]
    assert [each["args"] for each in tasks] == [said, [*said, "--watch"]]
    assert all(f"*{each['label']}*" in README for each in tasks)


def test_the_ci_takes_them_from_the_readme() -> None:
    script = (KIT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'bash -euo pipefail -c "$install_and_grade"' in script
    assert 'bash -euo pipefail -c "$install_and_test"' in script
    assert "pip install" not in script


@pytest.mark.parametrize("command", COMMANDS)
def test_every_other_command_runs(command: str, kit: Path) -> None:
    done = run(command, KIT if command in AUDITS else kit)
    assert done.returncode == (POINTS_MISSING if command.startswith("grade exercise") else 0), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    status = subprocess.run(["git", "-C", kit, "status", "--porcelain"], capture_output=True, text=True, check=True)
    assert status.stdout == "", "git would take what it leaves"


def test_the_report_shown_is_the_report_printed(kit: Path) -> None:
    (shown,) = re.findall(r"```text\n\$ (grade .*?)\n(.*?)```", README, re.DOTALL)
    assert run(shown[0], kit).stdout.rstrip() == shown[1].rstrip()


def test_the_table_lists_every_exercise() -> None:
    for exercise in catalog.exercises(KIT):
        by_hand = ", by hand" if exercise.by_hand else ""
        assert f"| `{exercise.name}` | {exercise.title}{by_hand} | {exercise.points} |" in README
