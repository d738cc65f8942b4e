"""One sentence on wrong answers, from all that was answered."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from places import KIT
from torch import Tensor

from autograder.authoring.catalog import find_exercise
from autograder.grading.collection import collect
from autograder.grading.diagnosis import Diagnoser
from autograder.grading.facts import fact
from autograder.grading.mistakes import Bank
from autograder.grading.outcomes import Observation
from autograder.host.answers import Case, Raised

FIRST, FOURTH = collect(find_exercise(KIT, "exercise1")), collect(find_exercise(KIT, "exercise4"))
BATCHES = [(6, 3), (4, 4)]


def numbers(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + 0.5


def losses(*sizes: int) -> list[Case]:
    return [Case((numbers(n, seed=n + at), numbers(n, seed=50 + n + at))) for at, n in enumerate(sizes)]


def said(
    collection: Any, function: str, cases: list[Case], answer: Callable[..., Any], visible: bool = True
) -> tuple[str, str | None]:
    """What is said where a function answers so, and the question."""
    observations = []
    for case in cases:
        try:
            observations.append(Observation(case, answer(*case.arguments)))
        except IndexError as error:
            observations.append(Observation(case, Raised("IndexError", str(error))))
    diagnoser = Diagnoser(collection.oracles, Bank({}, {}))
    labels = collection.oracles.labels(function)
    found = fact(diagnoser, labels, function, observations, cases if visible else [])
    return ("", None) if found is None else (str(found.text), found.question)


def loss(y_pred: Tensor, y: Tensor) -> Tensor:
    return ((y_pred - y) ** 2).sum() / 2


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda p, y: 2 * loss(p, y), "the value is exactly twice what is expected"),
        (lambda p, y: -loss(p, y), "the value is right in size, with the opposite sign"),
        (lambda p, y: loss(p, y) / len(y), "the value is divided by the number of samples"),
        (lambda p, y: 2 * loss(p, y) / len(y), "the value is 2/n times what is expected, with n samples"),
        (lambda p, y: len(y) * loss(p, y), "the value is multiplied by the number of samples"),
        (lambda p, y: loss(p, y) * 1.75, "the value is exactly 7/4 times what is expected"),
        (lambda p, y: loss(p, y) * 0.61803, "the value is 0.618 times what is expected, in every case"),
        (lambda p, y: loss(p, y) + 1.5, "the value is off by the same number each time"),
        (lambda p, y: loss(p[:-1], y[:-1]), "without the last sample, which counts for nothing"),
        (lambda p, y: loss(p[1:], y[1:]), "without the first sample, which counts for nothing"),
        (lambda p, y: (p - y).sum() ** 2 / 2, ""),
        (lambda p, y: sum((p[i] - y[i]) ** 2 for i in range(4)) / 2, "right for 4 samples and not for other numbers"),
        (lambda p, y: loss(p, y) if len(y) > 1 else p.sum(), ""),
    ],
)
def test_of_a_number(answer, text):
    found, _ = said(FIRST, "loss", losses(4, 7, 4, 3), answer)
    assert found == "" if text == "" else text in found


def test_of_one_size_alone_its_number_is_told():
    half = lambda p, y: loss(p, y) / len(y)  # noqa: E731
    assert (
        said(FIRST, "loss", losses(4, 4), half)[0]
        == "the value is exactly a quarter of what is expected, with 4 samples"
    )
    assert (
        said(FIRST, "loss", losses(4, 4), half, visible=False)[0]
        == "the value is exactly a quarter of what is expected"
    )


def test_of_hidden_cases_no_number_of_theirs_is_told():
    assert said(FIRST, "loss", losses(4, 7), lambda p, y: loss(p, y) * 0.61803, visible=False)[0] == ""
    only = lambda p, y: sum((p[i] - y[i]) ** 2 for i in range(4)) / 2  # noqa: E731
    found, question = said(FIRST, "loss", losses(4, 7, 3), only, visible=False)
    assert found == "it is right for one number of samples and not for other numbers of them"
    assert question.startswith("Where in your code does that number stand")


def test_one_sample_and_float32():
    one = lambda p, y: loss(p, y) if len(y) > 1 else p.sum()  # noqa: E731
    assert said(FIRST, "loss", losses(4, 7, 1), one)[0] == "it is right for several samples and not for a single one"
    single = [Case(tuple(part.float() for part in case.arguments)) for case in losses(5)]
    double = lambda p, y: loss(p, y) if p.dtype == torch.float64 else p.sum()  # noqa: E731
    assert said(FIRST, "loss", losses(4, 5) + single, double)[0].endswith("float64 and wrong for float32")


def test_parts_have_their_names():
    cases = [Case(({"a": numbers(), "b": numbers(seed=1)}, numbers(n, seed=2), numbers(n, seed=3))) for n in (4, 5)]

    def answer(parameters: Any, x: Tensor, y: Tensor) -> dict[str, Tensor]:
        r = parameters["a"] * x + parameters["b"] - y
        return {"a": -(r * x).sum(), "b": r.sum()}

    assert said(FIRST, "manual_gradients", cases, answer)[0] == "`a` is right in size, with the opposite sign"


def test_entries_and_columns():
    cases = [Case((numbers(n, 2, seed=n), numbers(n, 2, seed=9))) for n in (4, 5)]
    shifted = lambda p, y: p - y + torch.tensor([0.5, 0.25])  # noqa: E731
    found, _ = said(FOURTH, "output_delta", cases, shifted)
    assert found == "the value is off by one number in each column, the same in every row"
    last = lambda p, y: torch.cat([(p - y)[:-1], p[-1:]])  # noqa: E731
    assert said(FOURTH, "output_delta", cases, last)[0] == "the value is right but for the last sample"


def test_one_batch_and_several():
    cases = [
        Case((
            {"a": numbers(), "b": numbers(seed=1)}, numbers(n, seed=2), numbers(n, seed=3), {"a": 0.1, "b": 0.2}, size,
        ))
        for n, size in BATCHES
    ]  # fmt: skip

    def answer(*arguments: Any) -> Any:
        right = FIRST.oracles.values.train_epoch(*arguments)
        return right if len(arguments[1]) <= arguments[-1] else (right[0], right[1] * 1.1)

    assert said(FIRST, "train_epoch", cases, answer)[0] == "it is right with a single batch and not with several"


def test_nothing_is_said_of_what_has_another_form():
    assert said(FIRST, "loss", losses(4, 5), lambda p, y: p - y)[0] == ""
