"""How grading on Dask scales, and what Dask costs: one worker and two, beside the local engine with as many graders.

    python benchmarks/cluster.py [SUBMISSIONS] [ROUNDS]

Run it from anywhere in the venv that the kit is installed in, on a machine with two processors and nothing else to do.
The four kinds of run take turns, and ratios are taken within a round, so that what else the machine does hits all.
Half of the submissions of exercise 2 are right, a quarter wrong and a quarter unwritten. A rate counts from when all
graders have given a few reports to the last one, so that starting them (reported apart) is not in it. Processor time
is that of the whole tree of processes meanwhile; it tells what Dask costs on a machine that is not free, too.
"""

import contextlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder.authoring import catalog
from autograder.classroom import dask_engine, local_engine
from autograder.model import GradingSpec, Report, Submission
from autograder.submissions.submission import decode

KIT = Path(__file__).resolve().parents[1]
ORDER = GradingSpec(catalog.find_exercise(KIT, "exercise2"), "sandbox")
RIGHT = (KIT / "solutions" / "exercise2.py").read_bytes()
WRONG = RIGHT + b"\n\ndef loss(y_hat, y):\n    return (y_hat - y).sum()\n"
UNWRITTEN = (KIT / "exercises" / "exercise2.py").read_bytes()
MIX = (RIGHT, WRONG, RIGHT, UNWRITTEN)
WARM = 4  # reports a grader, before which a run is starting
TARGET = 1.7


@dataclass(frozen=True)
class Run:
    """How long until the graders were warm; from then on, submissions a second and milliseconds of processor for each.

    `here` is this process, which feeds the graders and, with Dask, is the scheduler; `all` is with all below it.
    """

    start: float
    rate: float
    here: float
    all: float


def a_class(number: int) -> Iterator[Submission]:
    for student in range(number):
        yield decode(MIX[student % len(MIX)], Path("exercise2.py"), f"student{student}")


def on_dask(number: int, jobs: int) -> Iterator[Report]:
    return dask_engine.grade_all(ORDER, a_class(number), None, jobs)


def on_pool(number: int, jobs: int) -> Iterator[Report]:
    return local_engine.grade_all(ORDER, a_class(number), jobs)


def timed(engine: Callable[[int, int], Iterator[Report]], number: int, jobs: int) -> Run:
    rest = number - WARM * jobs
    began = warm = last = time.perf_counter()
    before = after = (0.0, 0.0)
    for count, _ in enumerate(engine(number, jobs), 1):
        last = time.perf_counter()
        if count == WARM * jobs:
            warm, before = last, processor_seconds()
        if count == number:
            after = processor_seconds()
    here, everywhere = (1000 * (later - earlier) / rest for later, earlier in zip(after, before, strict=True))
    return Run(warm - began, rest / (last - warm), here, everywhere)


def processor_seconds() -> tuple[float, float]:
    """What this process has used, and what it has with all processes below it, those that have ended included."""
    here = psutil.Process()
    below = 0.0
    for process in here.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            below += sum(process.cpu_times()[:4])
    own = sum(here.cpu_times()[:2])
    return own, own + below


def described(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    kinds = {"Dask, 1": (on_dask, 1), "Dask, 2": (on_dask, 2), "local, 1": (on_pool, 1), "local, 2": (on_pool, 2)}
    runs: dict[str, list[Run]] = {name: [] for name in kinds}
    loads = []
    for _ in range(rounds):
        for name, (engine, jobs) in kinds.items():
            runs[name].append(timed(engine, number, jobs))
            loads.append(os.getloadavg()[0])
    print(f"{number} submissions, {rounds} rounds; {os.cpu_count()} processors, load {described(loads)}")
    for name, those in runs.items():
        rate, start = described([run.rate for run in those]), described([run.start for run in those])
        print(f"{name}: {rate} submissions a second, warm after {start} s")
        here, everywhere = described([run.here for run in those]), described([run.all for run in those])
        print(f"    processor time a submission: {everywhere} ms, of which {here} ms here")
    speedup = ratios(runs["Dask, 2"], runs["Dask, 1"])
    verdict = "met" if statistics.median(speedup) >= TARGET else "MISSED"
    print(f"two Dask workers against one: {described(speedup)}; target {TARGET}: {verdict}")
    print(f"two local graders against one: {described(ratios(runs['local, 2'], runs['local, 1']))}")
    for jobs in (1, 2):
        print(f"Dask against local, {jobs}: {described(ratios(runs[f'Dask, {jobs}'], runs[f'local, {jobs}']))}")


def ratios(ones: list[Run], others: list[Run]) -> list[float]:
    return [one.rate / other.rate for one, other in zip(ones, others, strict=True)]


if __name__ == "__main__":
    main()
