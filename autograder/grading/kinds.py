"""Which of the cases that a hidden check names in its summary a function fails: "it failed for: one sample"."""

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from autograder.grading.diagnosis import Diagnoser
from autograder.grading.facts import batch_size, is_right, samples
from autograder.grading.outcomes import Observation
from autograder.host.answers import Case
from autograder.model import looks_at


def _is_column(case: Case) -> bool:
    first = case.arguments[0]
    return isinstance(first, Tensor) and first.dim() == 2 and first.shape[1] == 1


def _is_square(case: Case) -> bool:
    first = case.arguments[0]
    return isinstance(first, Tensor) and first.dim() == 2 and first.shape[0] == first.shape[1]


def _is_alone(kind: type[list[Any]] | type[dict[str, Any]]) -> Callable[[Case], bool]:
    return lambda case: isinstance(case.arguments[0], kind) and len(case.arguments[0]) == 1


# What a summary says, and whether a case is of that kind. A summary may say more, of which nothing is told then.
KINDS: dict[str, Callable[[Case], bool]] = {
    "float32": lambda case: case.is_single,
    "whole numbers": lambda case: case.is_whole,
    "one sample": lambda case: samples(case) == 1,
    "batches of one": lambda case: batch_size(case) == 1,
    "a batch larger than the data": lambda case: batch_size(case) > samples(case) > 0,
    "one layer": _is_alone(list),
    "one tensor": _is_alone(dict),
    "one output": _is_column,
    "one class": _is_column,
    "as many outputs as samples": _is_square,
}

# What to ask where one kind alone is wrong; of others, what the check asks.
ASKS = {
    "float32": "Which type do the numbers have that you make yourself?",
    "whole numbers": "Which type do the numbers have that you make of whole ones?",
    "one sample": "What becomes of each of your lines where there is one sample only?",
    "batches of one": "What becomes of each of your lines where a batch is one sample?",
    "a batch larger than the data": "Where does the first batch end, if it has room for more than there is?",
    "one layer": "Which of your steps are left where there is one layer only?",
}


def failed_for(diagnoser: Diagnoser, function: str, summary: str, observations: Sequence[Observation]) -> list[str]:
    """Return those kinds of cases, in the summary's words, that are wrong, if nothing else is; else none.

    Of each of them all cases are wrong, and no case of another kind is.
    """
    right, wrong = list[Case](), list[Case]()
    for each in observations:
        (right if is_right(diagnoser, function, each) else wrong).append(each.case)
    found, left = list[str](), wrong
    for kind in looks_at(summary):
        is_of = KINDS.get(kind)
        if is_of is None or not any(map(is_of, left)) or any(map(is_of, right)):
            continue
        found.append(kind)
        left = [case for case in left if not is_of(case)]
    return found if right and not left else []
