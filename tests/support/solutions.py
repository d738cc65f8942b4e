"""The reference solutions, read, cut and run."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from places import KIT

REGION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION\n", re.MULTILINE | re.DOTALL)


def source(name: str) -> str:
    return (KIT / "solutions" / f"{name}.py").read_text(encoding="utf-8")


def module(name: str, text: str, path: Path) -> ModuleType:
    made = ModuleType(name)
    made.__file__ = str(path)
    exec(compile(text, path, "exec"), made.__dict__)
    return made


def losses(printed: str) -> list[float]:
    return [float(value) for value in re.findall(r"^(?:epoch|step) +\d+  loss +(\S+)", printed, re.MULTILINE)]


def run(kit: Path, name: str, text: str) -> str:
    """Run a file as a student does, from another folder; return what it prints."""
    path = kit / "exercises" / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    # What a Windows console may lack must not be printed: the output has to do with ASCII.
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, path], env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
    return done.stdout
