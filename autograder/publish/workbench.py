"""Where an audit's work is done: in this process, or in several, each with graders and a fork server of its own."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import torch

from autograder.authoring import catalog
from autograder.exercise import Exercise
from autograder.grading.grader import Grader
from autograder.grading.seeds import course_secret
from autograder.host.fork_server import ForkServer
from autograder.model import GradingSpec

Later = Callable[[], Any]  # gives what came of it, once it is there
_own: list[Workbench] = []  # of a process that works for another


class Workbench:
    """Graders that share a fork server, one an exercise."""

    def __init__(self, fork_server: ForkServer) -> None:
        torch.set_num_threads(1)
        self._fork_server = fork_server
        self._graders: dict[str, Grader] = {}

    def grader(self, exercise: Exercise) -> Grader:
        """Return what grades an exercise."""
        if exercise.name not in self._graders:
            spec = GradingSpec(exercise, secret=course_secret())
            self._graders[exercise.name] = Grader(spec, self._fork_server)
        return self._graders[exercise.name]


@contextlib.contextmanager
def workbenches(jobs: int) -> Iterator[Callable[..., Later]]:
    """Give what takes work, a function and its arguments after the bench, and returns how to have what comes of it.

    With one job it is done here, when it is asked for.
    """
    if jobs == 1:
        with ForkServer.start() as fork_server:
            bench = Workbench(fork_server)
            yield lambda work, *arguments: partial(work, bench, *arguments)
        return
    fresh = multiprocessing.get_context("spawn")
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, fresh, _begin, (catalog.CHECKS,))
    try:
        yield lambda work, *arguments: pool.submit(_work, work, *arguments).result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()


def _begin(checks: Path) -> None:
    """Set up a process: it ends at once at Ctrl-C, and its fork server with it."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    catalog.CHECKS = checks
    _own.append(Workbench(ForkServer.start()))


def _work(work: Callable[..., Any], *arguments: Any) -> Any:
    return work(_own[0], *arguments)
