"""Exercise 5's start: random weights are judged by what must hold of them, whatever generator they come from.

That hangs on the numbers that were drawn and cannot be said by values, so it is part of the student kit as it stands.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.checking import CALL, ExpectedValue, FormMismatch, Probe, as_tensor, message, oracle, reader

Layers = list[Tensor]
MANY = 1000  # numbers of a layer from which its spread is told
FAR = 6.75  # standard deviations; a right layer is further off less than once in ten million
MOST_ALIKE = 0.9  # of the numbers in a layer must differ, for float32 has equal ones now and then
FEW = 3  # numbers that may be those of another seed by chance, in float32
PARTS = {"weights.#": "weights of layer {n}", "biases.#": "biases of layer {n}"}


def as_drawn(_functions: Any, sizes: list[int], seed: int, *, drawn: Layers) -> tuple[list[Any], list[Any]]:
    """The weights as they came, once the reader has nothing against them, and biases of zero."""
    weights = [ExpectedValue(each, each.abs()) for each in drawn]
    zeros = [torch.zeros(width, dtype=torch.float64) for width in sizes[1:]]
    return weights, [ExpectedValue(each, torch.ones_like(each)) for each in zeros]


initialize = oracle("weights", "biases", source="the weights as they were drawn, and zeros", parts=PARTS)(as_drawn)


@reader("initialize")
def read_start(probe: Probe, answer: Any, sizes: list[int], seed: int) -> tuple[Any, dict[str, Any]]:
    """What must hold of the weights: two seeds differ, layers differ, and so do the numbers of one; their spread."""
    drawn = weights_of(answer, sizes)
    if drawn is None:  # of another form, of which is told by comparing
        return answer, {"drawn": [torch.zeros(shape, dtype=torch.float64) for shape in shapes(sizes)]}
    require_zeros(answer[1], sizes)
    require_different(drawn)
    for another in other_seeds(seed, sum(each.numel() for each in drawn)):
        other = weights_of(probe(CALL, "initialize", sizes, another), sizes) or []
        pairs = ((mine, its) for mine, its in zip(drawn, other, strict=False) if mine.numel() > FEW)
        if any(torch.equal(*pair) for pair in pairs):
            raise FormMismatch("value", message("another seed gives the same weights"), sign="same for another seed")
    for number, weights in enumerate(drawn, 1):
        if weights.numel() >= MANY:
            require_normal(weights * math.sqrt(weights.shape[1] / 2), number)
    return answer, {"drawn": drawn}


def other_seeds(seed: int, count: int) -> list[int]:
    """Seeds whose weights must be others; for a small network also those that are the same for few digits or bits."""
    few = {seed % 1000, seed % 2**16} - {seed} if count < MANY else set()
    return [seed - 1 if seed else 1, *sorted(few)]


def shapes(sizes: list[int]) -> list[tuple[int, int]]:
    """The shapes of the weights."""
    return [(outer, inner) for inner, outer in itertools.pairwise(sizes)]


def weights_of(answer: Any, sizes: list[int]) -> Layers | None:
    """The weights in an answer, in double precision; None where they are not all there, or no numbers."""
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        return None
    due = shapes(sizes)
    found = arrays_of(answer[0], due)
    if found is None:
        turned = arrays_of(answer[0], [(inner, outer) for outer, inner in due])
        if turned is not None:
            text = message("the weights have a row for each input; a row for each output is due")
            raise FormMismatch("shape", text, sign="transposed")
        if arrays_of(answer[1], due) is not None:
            raise FormMismatch("type", message("the weights are due first, and then the biases"), sign="turned")
    return found


def arrays_of(given: Any, due: Sequence[tuple[int, ...]]) -> Layers | None:
    """What is given, if that is finite arrays of the shapes that are due; in double precision."""
    if not isinstance(given, list | tuple) or len(given) != len(due):
        return None
    found = [as_tensor(each, shape) for each, shape in zip(given, due, strict=True)]
    plain = [each.double() for each in found if each is not None and not each.is_complex()]
    is_fit = [tuple(each.shape) for each in plain] == list(due) and all(
        bool(torch.isfinite(each).all()) for each in plain
    )
    return plain if is_fit else None


def require_zeros(given: Any, sizes: list[int]) -> None:
    """FormMismatch where the biases have their shapes, and are not zero."""
    biases = arrays_of(given, [(width,) for width in sizes[1:]]) or []
    if any(bool(each.any()) for each in biases):
        raise FormMismatch("value", message("the biases are not 0"), sign="biases not zero")


def require_different(drawn: Layers) -> None:
    """FormMismatch where numbers are alike that chance would make different: in a layer, or in two of one shape."""
    for number, weights in enumerate(drawn, 1):
        if len(weights.unique()) < MOST_ALIKE * weights.numel() or not bool(weights.any()):
            text = message("the weights of layer {n} are not all different", n=number)
            raise FormMismatch("value", text, sign="alike in a layer")
    for one, other in itertools.combinations(drawn, 2):
        if torch.equal(one, other):
            raise FormMismatch("value", message("two layers start with the same weights"), sign="alike in two layers")


def require_normal(numbers: Tensor, layer: int) -> None:
    """FormMismatch unless these are standard normal numbers, for all that so many of them can tell."""
    count = numbers.numel()
    mean, variance = float(numbers.mean()), float(numbers.var())
    if abs(mean) > FAR * math.sqrt(variance / count):
        text = message("the weights of layer {n} do not lie around 0", n=layer)
        raise FormMismatch("value", text, sign="another mean")
    if abs(variance - 1) > FAR * math.sqrt(2 / count):
        text = message("the weights of layer {n} have another standard deviation than is due", n=layer)
        raise FormMismatch("value", text, sign="another spread")
    # A uniform distribution has no number beyond 1.74, one that is cut at 2 none beyond that; Laplace's, of the same
    # spread, has more of them near 0 and far out: their mean size is 0.71, where it is 0.80 in a normal one.
    share, due = float((numbers.abs() > 2).double().mean()), math.erfc(math.sqrt(2))
    size, typical = float(numbers.abs().mean()), math.sqrt(2 / math.pi)
    is_off = abs(size - typical) > FAR * math.sqrt((1 - 2 / math.pi) / count)
    if is_off or abs(share - due) > FAR * math.sqrt(due * (1 - due) / count):
        text = message("the weights of layer {n} do not come from a normal distribution", n=layer)
        raise FormMismatch("value", text, sign="not normal")
