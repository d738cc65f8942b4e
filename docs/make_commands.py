"""Write docs/commands.md, what each command says of itself; run it after a change to a command."""

from collections.abc import Iterator
from pathlib import Path

import click

from autograder.cli import ci_job, course, grade

PAGE = Path(__file__).with_name("commands.md")
WIDTH = 80  # columns
HEAD = """# Commands

What each command says of itself with `--help`; written by `python docs/make_commands.py`.

Tab completes the names of exercises and functions once your shell's start-up file says so, for bash or zsh:

```sh
eval "$(_GRADE_COMPLETE=bash_source grade)"
eval "$(_GRADE_COMPLETE=zsh_source grade)"
```
"""


def commands() -> Iterator[click.Context]:
    """Yield each command of the kit, in a context that names it."""
    yield _context(grade.command, "grade")
    group = _context(course.main, "course")
    yield group
    for name in course.main.list_commands(group):
        yield _context(course.main.commands[name], name, group)
    yield _context(ci_job.command, "python -P -m autograder.cli.ci_job")


def page() -> str:
    """Return the page."""
    shown = [f"## {one.command_path}\n\n```text\n{one.command.get_help(one)}\n```\n" for one in commands()]
    return "\n".join([HEAD, *shown])


def _context(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    return click.Context(command, parent, name, terminal_width=WIDTH, **command.context_settings)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
