"""`course`, run in this process, and a kit of one tiny exercise for it."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_kit import small_kit

from autograder.cli.course import main


def course(*arguments: object, code: int = 0) -> Result:
    """Run the command, which must exit with `code`."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def refusal(*arguments: object) -> str:
    """Run a command that must exit with 2 and say nothing but one line: what is wrong; what to do."""
    result = course(*arguments, code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("course: ")
    assert result.stderr.count("\n") == 1, result.stderr
    assert "; " in result.stderr or "--help)" in result.stderr
    return result.stderr


def kit_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the tiny kit, and its exercises the current folder."""
    kit = small_kit(folder / "kit", monkeypatch, "exercise1").resolve()
    monkeypatch.chdir(kit / "exercises")
    for name in ("exercise1", "exercise2", "exercise5"):  # pytest keeps the checks of another test's kit
        sys.modules.pop(name, None)
    return kit


def rewrite(kit: Path, path: str, old: str, new: str) -> None:
    """Replace some text of a file, which must be there."""
    text = (kit / path).read_text(encoding="utf-8")
    assert old in text
    (kit / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")
