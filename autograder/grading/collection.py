"""The checks of an exercise, collected by pytest, which is then left; the grader runs them itself."""

import contextlib
import difflib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from autograder.errors import AuthorError
from autograder.exercise import Exercise
from autograder.grading.cases import CaseGenerator, CaseRecorder
from autograder.grading.ladders import Ladder, read_ladders
from autograder.grading.mistakes import Bank, read_bank
from autograder.grading.oracles import Oracles
from autograder.grading.released import read_released
from autograder.model import Check

# A user's own pytest settings and installed plugins are not ours.
PYTEST_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
# Plugins that only cost time here; unraisableexception alone collects garbage for 0.1 s at each end.
UNUSED = "terminal cacheprovider logging faulthandler unraisableexception threadexception junitxml doctest debugging"


@dataclass(frozen=True)
class CollectedCheck:
    """A check, and the pytest function that draws its cases."""

    check: Check
    body: Callable[[CaseRecorder, CaseGenerator], None]


@dataclass(frozen=True)
class Collection:
    """An exercise's checks in the order of their file, the oracles that stand in it, and the mistakes it knows."""

    checks: tuple[CollectedCheck, ...]
    oracles: Oracles
    bank: Bank


def collect(exercise: Exercise) -> Collection:
    """Collect an exercise's checks anew; AuthorError where they do not load or do not fit together.

    In a student kit they are values, and are read.
    """
    if exercise.checks.suffix == ".json":
        released = read_released(exercise)
        return Collection(tuple(CollectedCheck(*each) for each in released.checks), released.oracles, released.bank)
    collector = _Collector()
    arguments = [str(exercise.checks), "-c", os.devnull, "--rootdir", str(exercise.checks.parent)]
    arguments += [word for name in UNUSED.split() for word in ("-p", f"no:{name}")]
    arguments += ["--import-mode=importlib", "--assert=plain", "--capture=no", "--noconftest"]
    arguments += ["-o", "python_files=*.py", "-o", "python_functions=check_*"]
    with _own_pytest_environment():
        sys.modules.pop(exercise.name, None)  # pytest would keep the checks of an earlier grading
        ended = pytest.main(arguments, plugins=[collector])
    if ended == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt  # which pytest has caught
    if collector.problem or not collector.items:
        raise AuthorError(f"the checks of {exercise.name} {collector.problem or 'could not be collected'}")
    return _collection(exercise, collector.items)


class _Collector:
    """The pytest plugin: keeps what is collected, or why that failed, and lets nothing be run."""

    def __init__(self) -> None:
        self.items: list[pytest.Function] = []
        self.problem = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why a checks file does not load."""
        if report.failed:
            lines = report.longreprtext.splitlines()
            places = [line.partition(": in ")[0] for line in lines if re.match(r".*:\d+: in ", line)]
            where = f" ({places[-1]})" if places else ""
            self.problem = f"do not load: {lines[-1].removeprefix('E').strip()}{where}"

    def pytest_internalerror(self, excrepr: object) -> None:
        """Keep why pytest itself failed."""
        self.problem = f"could not be collected: {str(excrepr).strip().splitlines()[-1]}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the collected checks in place of running them."""
        self.items = [item for item in session.items if isinstance(item, pytest.Function)]
        return True


def _collection(exercise: Exercise, items: Sequence[pytest.Function]) -> Collection:
    oracles = Oracles(items[0].module)
    found = [(item, vars(item.obj).get("check")) for item in items]
    unmarked = [item.name for item, check in found if check is None]
    checks = [check for _, check in found if check is not None]
    problem = f"{unmarked[0]} has no @check; write it above" if unmarked else _misfit(checks, oracles.functions)
    problem = next(filter(None, map(_miswritten, checks)), problem)
    if problem:
        raise AuthorError(f"{exercise.checks}: {problem}")
    ladders = read_ladders(exercise)
    collected = tuple(CollectedCheck(_asking(check, ladders.get(check.function)), item.obj) for item, check in found)
    return Collection(collected, oracles, read_bank(exercise))


def _asking(check: Check, ladder: Ladder | None) -> Check:
    """Return a check that asks its own question: of a hidden one it stands with the hints of its function."""
    is_told = check.visibility == "hidden" and ladder is not None and ladder.hidden
    return replace(check, hint=ladder.hidden) if is_told and ladder else check


def _miswritten(check: Check) -> str:
    """Say what a check's decorator holds of another kind; '' where all is well."""
    if not isinstance(check.hint, str):
        return f"the hint of check_{check.name} is no text; write one question that helps"
    if not isinstance(check.needs, tuple):
        return f'the needs of check_{check.name} are no tuple of names; write needs=("name",), with the comma'
    return ""


def _misfit(checks: Sequence[Check], functions: Sequence[str]) -> str:
    """Say why a verdict could hang on the order of the checks, or what is missing; '' where all is well.

    The table of an exercise is the order of its oracles: a function is judged with those above it answered.
    """
    visibility: dict[str, str] = {}
    reached = 0
    unchecked = [name for name in functions if name not in {check.function for check in checks}]
    for check in checks:
        if check.function not in functions:
            return _without_oracle(check, unchecked)
        place = functions.index(check.function)
        if place < reached:
            return (
                f"check_{check.name} stands below the checks of {functions[reached]}; put them in the order of the "
                "oracles"
            )
        reached = place
        for need in check.needs:
            if need not in visibility:
                return f"check_{check.name} needs {need}, and there is no such check above it{_near(need, visibility)}"
            if visibility[need] == "hidden" and check.visibility == "visible":
                return f"the visible check_{check.name} needs {need}, a hidden one; turn that round"
        if check.name in visibility:
            return f"there are two checks {check.name}; give one another name"
        visibility[check.name] = check.visibility
    if unchecked:
        return f"{unchecked[0]} has an oracle and no check; write one, or it is never judged"
    return ""


def _without_oracle(check: Check, unchecked: Sequence[str]) -> str:
    near = difflib.get_close_matches(check.function, unchecked, 1)
    what = f"call the oracle {near[0]} so, if it is meant" if near else f"write one: @oracle() def {check.function}(…)"
    return f"check_{check.name} is of {check.function}, which has no oracle; {what}"


def _near(need: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(need.removeprefix("check_"), known, 1)
    return f"; write {near[0]}, if it is meant" if near else "; write the name of one, without check_"


@contextlib.contextmanager
def _own_pytest_environment() -> Iterator[None]:
    kept = {name: os.environ.pop(name) for name in PYTEST_VARIABLES if name in os.environ}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(kept)
