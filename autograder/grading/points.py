"""What a function earns: all of its points or none, or with partial credit those of its checks that pass."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from autograder.model import CheckResult, Credit


def earned(results: Sequence[CheckResult], credit: Credit, charged: Collection[str] = ()) -> tuple[CheckResult, ...]:
    """Return results with what each check has earned; what a function earns is their sum.

    By "function" a function has all its points once all its checks have passed, for right in some cases is not right;
    by "check" each check that passes has its own points, which are the share that its author has given it. `charged`
    are functions that have broken the by-hand rule, and earn nothing either way.
    """
    lost = {one.check.function for one in results if one.outcome != "passed"} if credit == "function" else set()
    lost |= set(charged)
    return tuple(
        replace(one, score=one.check.points if one.outcome == "passed" and one.check.function not in lost else 0)
        for one in results
    )
