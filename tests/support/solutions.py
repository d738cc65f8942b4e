"""The reference solutions, read, cut and run."""

import os
import re
import runpy
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

from places import KIT

from autograder.authoring import catalog

REGION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION\n", re.MULTILINE | re.DOTALL)
FUNCTIONS = {each.name: [function for function, _ in each.functions] for each in catalog.exercises(KIT)}


def source(name: str) -> str:
    return (KIT / "solutions" / f"{name}.py").read_text(encoding="utf-8")


def module(name: str, text: str, path: Path) -> ModuleType:
    made = ModuleType(name)
    made.__file__ = str(path)
    exec(compile(text, path, "exec"), made.__dict__)
    return made


@cache
def solution(name: str) -> ModuleType:
    return module(name, source(name), KIT / "solutions" / f"{name}.py")


def unfinished(name: str, written: int = 0) -> str:
    """The source with every region, but for the first few, replaced as in a student's file."""
    text = source(name)

    def hole(region: re.Match[str]) -> str:
        function = re.findall(r"^def (\w+)\(", text[: region.start()], re.MULTILINE)[-1]
        todo = f'{region[1]}raise NotImplementedError("{function} is not written yet")\n'
        return region[0] if function in FUNCTIONS[name][:written] else todo

    return REGION.sub(hole, text)


@cache
def facts(name: str) -> SimpleNamespace | None:
    """What an exercise's own file in tests/content/facts says of it, None where it has none."""
    path = KIT / "tests" / "content" / "facts" / f"{name}.py"
    return SimpleNamespace(**runpy.run_path(str(path))) if path.is_file() else None


def losses(printed: str) -> list[float]:
    return [float(value) for value in re.findall(r"^(?:epoch|step) +\d+  loss +(\S+)", printed, re.MULTILINE)]


def run(kit: Path, name: str, text: str, folder: Path) -> str:
    """Run a file as a student does, from another folder; return what it prints."""
    path = kit / "exercises" / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    # What a Windows console may lack must not be printed: the output has to do with ASCII.
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, path], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
    return done.stdout
