"""What a shell offers at Tab: the names of exercises, and of the functions of the one that is named."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from autograder.authoring import catalog
from autograder.errors import GraderError, UserError


def exercises(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the exercises whose name begins as what is typed; and files, for a path may stand here too."""
    names = [name for name in catalog.exercise_names() if name.startswith(begun.lower())]
    return [*map(CompletionItem, names)] or [CompletionItem(begun, type="file")]


def functions(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the functions of the exercise that is named whose name begins as what is typed."""
    return [CompletionItem(name) for name in _functions(context) if name.startswith(begun)]


def resettable(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the exercise that is named, and its functions; the exercises where none is."""
    named = _exercise(context)
    if not named:
        return exercises(context, parameter, begun)
    return [CompletionItem(name) for name in (named, *_functions(context)) if name.startswith(begun)]


def _exercise(context: click.Context) -> str:
    """Return what stands where an exercise belongs; behind an option without its value, click leaves it unassigned."""
    return context.params.get("exercise") or next(iter(context.args), "")


def _functions(context: click.Context) -> list[str]:
    with suppress(UserError, GraderError):
        return [name for name, _ in catalog.find_exercise(Path.cwd(), _exercise(context)).functions]
    return []
