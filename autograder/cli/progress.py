"""How far the grading of a class has come: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from autograder.model import ClassRow

LINE_SECONDS = 10.0  # between lines where there is no terminal


def progress() -> ProgressLines:
    """Return what shows a run to whoever started it; a context, which takes down what it has put up."""
    return ProgressBar() if sys.stderr is not None and sys.stderr.isatty() else ProgressLines()


class ProgressLines:
    """Counts a run, and prints a line now and then."""

    def __init__(self) -> None:
        self.total = self.done = self.fresh = self.full = 0
        self._first = 0.0
        self._shown = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """There is nothing to take down."""

    def begin(self, total: int) -> None:
        self.total = total
        self.show()

    def known(self) -> None:
        self.done += 1
        self.show()

    def graded(self, row: ClassRow) -> None:
        self._first = self._first or time.monotonic()
        self.done += 1
        self.fresh += 1
        self.full += row.raw_score == row.max_score
        self.show()

    def show(self) -> None:
        now = time.monotonic()
        if now - self._shown >= LINE_SECONDS or self.done == self.total > 0:
            self._shown = now
            click.echo(self.text, err=True)

    @property
    def rate(self) -> float:
        """Submissions graded a second since the first one was, for until then the graders start; 0 if unknown."""
        seconds = time.monotonic() - self._first
        return (self.fresh - 1) / seconds if self.fresh > 1 and seconds > 0 else 0.0

    @property
    def text(self) -> str:
        parts = [f"{self.done}/{self.total}"]
        if self.fresh:
            parts.append(f"{self.full} of {self.fresh} graded with full marks")
        if self.rate:
            parts.append(f"{self.rate:.1f}/s")
        if self.rate and self.done < self.total:
            parts.append(f"{clock((self.total - self.done) / self.rate)} left")
        return ", ".join(parts)


class ProgressBar(ProgressLines):
    """Counts a run, and shows a bar."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = BarColumn(), TextColumn("{task.description}")
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("starting", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()

    def show(self) -> None:
        text = self.text if self.done else f"{self.text}, the graders start"
        self._bar.update(self._task, total=self.total, completed=self.done, description=text)


def clock(seconds: float) -> str:
    """Return a time as h:mm:ss, or m:ss below an hour."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
