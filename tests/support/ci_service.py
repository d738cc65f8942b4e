"""Stand-ins for CI services: a Python without a network, and a runner of GitHub's workflows as far as ours need one."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import yaml
from places import KIT

LIBRARIES = sysconfig.get_path("purelib")
VERSION = f"python{sys.version_info[0]}.{sys.version_info[1]}"
EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
COURSE = "import sys; from autograder.cli.course import main; main(sys.argv[1:], prog_name='course')"

# What the file half_done_exercise2.py earns by the visible checks.
HALF_DONE = {
    "forward": (2, 2, "passed"),
    "loss": (1, 1, "passed"),
    "manual_gradients": (3, 3, "passed"),
    "chain_rule_gradients": (0, 5, "failed"),
    "update": (0, 1, "not_attempted"),
    "train_step": (0, 3, "blocked"),
    "collapse": (0, 1, "not_attempted"),
}

# A fresh environment that sees the libraries installed here, so that pip has nothing to fetch.
PIP = r'#!/bin/sh\ncase "$*" in *uv==*) exit;; esac\nexec "%s/bin/python" -P -m pip "$@"\n'
# What only uv knows is left out.
UV = (
    r'#!/bin/sh\nshift\nset -- $(echo "$@" | sed "s/--system//; s/--torch-backend cpu//; s/--python [^ ]*//")\n'
    r'exec "%s/bin/python" -P -m pip "$@"\n'
)
PYTHON3 = f"""#!/bin/sh
[ "$1" = -I ] && [ "$3" = venv ] && shift
if [ "$1" = -m ] && [ "$2" = venv ]; then
  {sys.executable} -m venv --without-pip "$3" &&
    echo {LIBRARIES} > "$3/lib/{VERSION}/site-packages/libraries.pth" &&
    printf '{PIP}' "$3" > "$3/bin/pip" && printf '{UV}' "$3" > "$3/bin/uv" && chmod +x "$3/bin/pip" "$3/bin/uv"
  exit
fi
exec {sys.executable} "$@"
"""


def course(*arguments: object) -> None:
    """Run `course` in this kit, in a process of its own."""
    command = [sys.executable, "-c", COURSE, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(KIT)}
    done = subprocess.run(command, cwd=KIT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def python3(folder: Path) -> Path:
    """Put a `python3` in a folder that makes environments without a network; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        (folder / name).write_text(PYTHON3)
        (folder / name).chmod(0o755)
    return folder


def environment(*path: Path, **more: object) -> dict[str, str]:
    """The environment of a service's job: nothing of ours, and pip may not ask an index."""
    system = [*map(str, path), "/usr/local/bin", "/usr/bin", "/bin"]
    home = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    return {
        **home,
        "PATH": ":".join(system),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_COMPILE": "1",
        **{name: str(value) for name, value in more.items()},
    }


def repository(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Make a git repository with one commit."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    subprocess.run([*git, "add", "--all", "--force"], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "hand in"], check=True)
    return folder


def commit(folder: Path) -> str:
    """Name the last commit of a repository."""
    return subprocess.run(
        ["git", "-C", folder, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()


class Actions:
    """Runs the jobs of a workflow's file, step after step, as GitHub's runner does."""

    def __init__(self, root: Path, checkout: Path, actions: dict[str, Path] | None = None, **context: str) -> None:
        """`checkout` is the repository, `actions` where others lie; `context` has values as `matrix.exercise`."""
        self.root, self.checkout, self.actions = root, checkout, actions or {}
        self.context = {"github.event.before": ""}
        self.context |= {name.replace("__", "."): value for name, value in context.items()}
        self.artifacts = root / "artifacts"
        self.log = ""
        self.summary = ""
        self.python = python3(root / "bin")

    def run(self, job: dict[str, Any]) -> bool:
        """Run a job; whether it succeeded."""
        self.workspace, self.temp = self.root / "work" / "repo", self.root / "temp"
        for folder in (self.workspace.parent, self.temp):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        self.path = [self.python]
        self.workspace.mkdir()
        is_well = True
        for step in job["steps"]:
            if self._is_due(step.get("if", ""), is_well=is_well):
                is_well = self._step(step, job.get("env", {})) and is_well
        return is_well

    def _is_due(self, condition: str, *, is_well: bool) -> bool:
        if condition.endswith(" != ''"):
            return is_well and self.context[condition.removesuffix(" != ''")] != ""
        return is_well or "!cancelled()" in condition

    def _step(self, step: dict[str, Any], outer: dict[str, str]) -> bool:
        given = {name: self._filled(str(value)) for name, value in step.get("with", {}).items()}
        if "uses" in step:
            return self._action(step, given)
        values = {name: self._filled(str(value)) for name, value in {**outer, **step.get("env", {})}.items()}
        return self._shell(step, values)

    def _shell(self, step: dict[str, Any], values: dict[str, str]) -> bool:
        files = {name: self.root / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
        for path in files.values():
            path.write_text("")
        script = self.root / "script.sh"
        script.write_text(self._filled(step["run"]))
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", str(script)],
            cwd=self.workspace,
            env=environment(
                *self.path, **values, **files, CI="true", GITHUB_WORKSPACE=self.workspace, RUNNER_TEMP=self.temp
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.log += done.stdout
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        assert files["GITHUB_ENV"].read_text() == ""
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, _, value = line.partition("=")
            self.context[f"steps.{step['id']}.outputs.{name}"] = value
        return done.returncode == 0

    def _action(self, step: dict[str, Any], given: dict[str, str]) -> bool:
        name = step["uses"].partition("@")[0]
        if name == "actions/checkout":
            assert given["persist-credentials"] == "False"
            clone = ["git", "clone", "--quiet", str(self.checkout), str(self.workspace)]
            subprocess.run(clone, check=True)
        elif name == "actions/setup-python":
            fresh = self.root / "python"
            shutil.rmtree(fresh, ignore_errors=True)
            subprocess.run([self.python / "python3", "-m", "venv", fresh], check=True)
            self.path = [fresh / "bin"]
        elif name == "actions/upload-artifact":
            source = (self.workspace / given["path"]).resolve()
            target = self.artifacts / given["name"]
            target.parent.mkdir(exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            elif source.is_file():
                target.mkdir()
                shutil.copy(source, target)
        elif name == "actions/download-artifact":
            shutil.copytree(self.artifacts / given["name"], given["path"], dirs_exist_ok=True)
        else:
            self._composite(step["id"], self.actions[step["uses"]])
        return True

    def _composite(self, name: str, folder: Path) -> None:
        action = yaml.safe_load((folder / "action.yml").read_text())
        for step in action["runs"]["steps"]:
            assert self._shell(step, {"GITHUB_ACTION_PATH": str(folder)})
        for output, told in action["outputs"].items():
            self.context[f"steps.{name}.outputs.{output}"] = self._filled(told["value"])

    def _filled(self, text: str) -> str:
        known = {**self.context, "runner.temp": str(self.temp)}
        return EXPRESSION.sub(lambda found: known[found[1]], text)


def commands(log: str) -> list[str]:
    """The commands of a log that the runner obeys: not those between `::stop-commands::` and its token."""
    obeyed, token = [], None
    for line in log.splitlines():
        said = line.lstrip()
        if token is not None:
            token = None if said == f"::{token}::" else token
        elif said.startswith("::stop-commands::"):
            token = said.removeprefix("::stop-commands::")
        elif said.startswith(("::", "##[")):
            obeyed.append(said)
    assert token is None
    return obeyed


def verdict(path: Path) -> dict[str, tuple[int, int, str]]:
    """The points of each function in a JSON report."""
    return {each["name"]: (each["score"], each["max_score"], each["outcome"]) for each in _functions(path)}


def _functions(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text())["functions"]
