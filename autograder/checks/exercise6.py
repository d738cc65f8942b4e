"""Better steps: momentum, RMSProp, Adam."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from autograder.checking import CaseGenerator, CaseRecorder, ExpectedValue, check, oracle, paper, terms

FORBIDDEN = ("clip_grad_norm_", "clip_grad_norm", "clip_grad_value_", "clip_grads_with_norm_", "get_total_norm")

Tensors = dict[str, Tensor]
Expected = dict[str, ExpectedValue]
SHAPES = {"W": (3, 2), "b": (3,), "c": ()}
TINY = 1e-8


@oracle("parameters", "velocities")
def momentum_step(
    _functions: Any, parameters: Tensors, gradients: Tensors, velocities: Tensors, learning_rate: Any, momentum: Any
) -> tuple[Expected, Expected]:
    """v ← μv + g; θ ← θ − ηv."""
    moved, kept = {}, {}
    for name in parameters:
        before, gradient = momentum * velocities[name], gradients[name]
        kept[name] = terms(before, gradient)
        moved[name] = terms(parameters[name], -learning_rate * before, -learning_rate * gradient)
    return moved, kept


@oracle("parameters", "squares")
def rmsprop_step(
    _functions: Any,
    parameters: Tensors,
    gradients: Tensors,
    squares: Tensors,
    learning_rate: Any,
    decay: Any,
    epsilon: Any,
) -> tuple[Expected, Expected]:
    """s ← ρs + (1 − ρ)g²; θ ← θ − η g / (√s + ε)."""
    moved, kept = {}, {}
    for name in parameters:
        kept[name] = terms(decay * squares[name], (1 - decay) * gradients[name].square())
        size = kept[name].value.sqrt() + epsilon
        moved[name] = terms(parameters[name], -learning_rate * gradients[name] / size)
    return moved, kept


@oracle("parameters", "firsts", "seconds")
def adam_step(
    _functions: Any,
    parameters: Tensors,
    gradients: Tensors,
    firsts: Tensors,
    seconds: Tensors,
    step: Any,
    learning_rate: Any,
    beta1: Any,
    beta2: Any,
    epsilon: Any,
) -> tuple[Expected, Expected, Expected]:
    """Both averages, each divided by the weights given out so far; then the step of RMSProp."""
    moved, first, second = {}, {}, {}
    for name in parameters:
        shares = beta1 * firsts[name], (1 - beta1) * gradients[name]
        first[name] = terms(*shares)
        second[name] = terms(beta2 * seconds[name], (1 - beta2) * gradients[name].square())
        size = (second[name].value / (1 - beta2**step)).sqrt() + epsilon
        rate = learning_rate / (1 - beta1**step) / size
        moved[name] = terms(parameters[name], *(-rate * share for share in shares))
    return moved, first, second


@oracle()
def clip_by_norm(_functions: Any, gradients: Tensors, max_norm: Any) -> Expected:
    """One factor for all, at most 1, so that the norm is at most max_norm."""
    norm = torch.cat([gradient.reshape(-1) for gradient in gradients.values()]).norm()
    factor = 1.0 if norm <= max_norm else max_norm / norm
    return {name: terms(gradient * factor) for name, gradient in gradients.items()}


# What cases are made of.


def drawn(draw: CaseGenerator, shapes: dict[str, tuple[int, ...]]) -> Tensors:
    """Numbers by name, as tensors of some shapes."""
    found = {}
    for name, shape in shapes.items():
        numbers = draw.vector(torch.Size(shape).numel())
        found[name] = numbers.reshape(shape)
    return found


def shuffled(values: Tensors) -> Tensors:
    """The same values in another order: the last name first."""
    return dict(reversed(values.items()))


def mapped_to(values: Tensors, number: float) -> Tensors:
    """A number in the place of all of them."""
    return {name: torch.full_like(value, number) for name, value in values.items()}


def scaled_by(factor: float, values: Tensors) -> Tensors:
    """The values, all times one factor."""
    return {name: factor * value for name, value in values.items()}


def squared(values: Tensors) -> Tensors:
    """The squares: what an average of squares may be."""
    return {name: value**2 for name, value in values.items()}


def some_shapes(draw: CaseGenerator) -> dict[str, tuple[int, ...]]:
    """Names and shapes that nobody can know beforehand: from no axis to three."""
    return {"first": (draw.count(2, 4),), "last": (), "Z": (2, draw.count(1, 3)), "deep": (2, 1, draw.count(2, 3))}


def six_gradients(draw: CaseGenerator) -> Iterator[Tensors]:
    """The gradients of six steps, in an order of their own, some of which change their signs."""
    first = drawn(draw, SHAPES)
    for step in range(6):
        yield shuffled(
            {name: value * (-1 if step in (1, 2, 4) and name != "b" else 1) for name, value in first.items()}
        )


def plain(expected: Expected) -> Tensors:
    """The values of what is expected, in the type that the cases have."""
    return {name: each.value for name, each in expected.items()}


def in_type_of(values: Tensors, like: Tensors) -> Tensors:
    """The values in the type of others, of the same names."""
    return {name: value.to(like[name].dtype) for name, value in values.items()}


def power(draw: CaseGenerator) -> float:
    """One of 1.5, 3.5 and 7.5: with an ε of ½, a power of two."""
    return (1.5, 3.5, 7.5)[draw.count(0, 2)]


VELOCITY = "The velocity of before: how much of it is left, and how much of the gradient comes to it?"


@check("momentum_step", points=2, hint=VELOCITY)
def check_momentum_step_one_step(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """renews the velocity first, then steps with it"""
    judge(paper({"a": 5, "b": 7}), paper({"a": 4, "b": -6}), paper({"a": 2, "b": 8}), 0.25, 0.5)
    for shapes in ({"a": (2,), "b": ()}, SHAPES):
        for _ in draw.sizes(1):
            judge(drawn(draw, shapes), drawn(draw, shapes), drawn(draw, shapes), draw.rate(), portion(draw))


@check("momentum_step", points=2, visibility="hidden", needs=("momentum_step_one_step",), hint=VELOCITY)
def check_momentum_step_six_steps(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for six steps with changes of sign, without memory, any shapes and order of keys, and in float32"""
    place = drawn(draw, SHAPES)
    speed, rate, share = mapped_to(place, 0.0), draw.rate(), portion(draw)
    for gradients in six_gradients(draw):
        judge(place, gradients, speed, rate, share)
        if draw.is_exact:  # several steps use up bits
            return
        place, speed = map(plain, momentum_step(None, place, gradients, speed, rate, share))
    for other in (draw.rate(), torch.tensor(draw.rate()).double()):
        shapes = some_shapes(draw)
        judge(drawn(draw, shapes), shuffled(drawn(draw, shapes)), shuffled(drawn(draw, shapes)), other, portion(draw))
    judge(place, mapped_to(place, 0.0), drawn(draw, SHAPES), draw.rate(), portion(draw))
    judge(place, drawn(draw, SHAPES), drawn(draw, SHAPES), draw.rate(), 0.0)
    draw.single()
    judge(drawn(draw, SHAPES), drawn(draw, SHAPES), drawn(draw, SHAPES), draw.rate(), portion(draw))


def portion(draw: CaseGenerator) -> float:
    """A share between 0.3 and 0.95, with few bits where cases are exact."""
    return (0.25, 0.75)[draw.count(0, 1)] if draw.is_exact else draw.count(30, 47) / 50 + 0.01


SIZE = "By the usual size of a gradient, or by that of its square: what do you divide by?"


def exact_rmsprop(draw: CaseGenerator) -> tuple[Any, ...]:
    """A case in which the average stays the square of 1.5, 3.5 or 7.5, and all is exact in float32."""
    place, number = drawn(draw, SHAPES), power(draw)
    gradients = {name: number * value.sign() for name, value in drawn(draw, SHAPES).items()}
    return place, gradients, squared(gradients), draw.rate(), 0.75, 0.5


def rmsprop_case(draw: CaseGenerator, shapes: dict[str, tuple[int, ...]], epsilon: float) -> tuple[Any, ...]:
    """Arguments of rmsprop_step."""
    if draw.is_exact:
        return exact_rmsprop(draw)
    place, gradients, squares = drawn(draw, shapes), drawn(draw, shapes), squared(drawn(draw, shapes))
    return place, gradients, squares, draw.rate(), portion(draw), epsilon


@check("rmsprop_step", points=3, hint=SIZE)
def check_rmsprop_step_one_step(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """divides each gradient by its usual size"""
    judge(paper({"a": 5, "b": 7}), paper({"a": 3, "b": -7}), paper({"a": 1, "b": 1}), 0.5, 0.5, 0.5)
    for shapes in ({"a": (2,), "b": ()}, SHAPES):
        for _ in draw.sizes(1):
            judge(*rmsprop_case(draw, shapes, draw.count(1, 9) / 20))
    if not draw.is_exact:  # where ε is larger than the usual size
        place, gradients, squares, *numbers = rmsprop_case(draw, SHAPES, 0.45)
        judge(place, scaled_by(0.05, gradients), scaled_by(0.0025, squares), *numbers)


@check("rmsprop_step", points=2, visibility="hidden", needs=("rmsprop_step_one_step",), hint=SIZE)
def check_rmsprop_step_six_steps(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for six steps, tiny gradients and zeros, any shapes and order of keys, and in float32"""
    if draw.is_exact:
        for _ in draw.sizes(1, 1, 1):
            judge(*exact_rmsprop(draw))
        return
    place = drawn(draw, SHAPES)
    squares, rate, decay = mapped_to(place, 0.0), draw.rate(), portion(draw)
    for gradients in six_gradients(draw):
        judge(place, gradients, squares, rate, decay, TINY)
        place, squares = map(plain, rmsprop_step(None, place, gradients, squares, rate, decay, TINY))
    for other in (draw.rate(), torch.tensor(draw.rate()).double()):
        shapes = some_shapes(draw)
        place, gradients, squares = drawn(draw, shapes), drawn(draw, shapes), squared(drawn(draw, shapes))
        judge(place, shuffled(gradients), shuffled(squares), other, portion(draw), 0.5)
    for size, epsilon in ((0.0, TINY), (1e-9, TINY), (0.0, 0.5), (1e-9, 0.5)):
        place = drawn(draw, SHAPES)
        small = scaled_by(size, drawn(draw, SHAPES))
        judge(place, small, mapped_to(place, 0.0), draw.rate(), portion(draw), epsilon)
    judge(place, mapped_to(place, 0.0), squared(drawn(draw, SHAPES)), draw.rate(), portion(draw), TINY)
    draw.single()
    judge(*rmsprop_case(draw, SHAPES, 0.25))


FAIR = "After one step from 0, how much of the gradient is in the average, and what makes up for it?"


def exact_adam(draw: CaseGenerator) -> tuple[Any, ...]:
    """A first step that is exact in float32: v̂ comes to the square of 1.5, 3.5 or 7.5."""
    place, gradients, firsts = (drawn(draw, SHAPES) for _ in range(3))
    gradients = {name: value.clamp(-1.25, 1.25) for name, value in gradients.items()}
    seconds = {name: power(draw) ** 2 - value**2 for name, value in gradients.items()}
    return place, gradients, firsts, seconds, 1, draw.rate(), 0.75, 0.5, 0.5


def adam_case(draw: CaseGenerator, shapes: dict[str, tuple[int, ...]], step: int, epsilon: float) -> tuple[Any, ...]:
    """Arguments of adam_step; the memories are what they may be."""
    if draw.is_exact:
        return exact_adam(draw)
    place, gradients, firsts, roots = (drawn(draw, shapes) for _ in range(4))
    betas = draw.count(60, 94) / 100, draw.count(95, 99) / 100
    return place, gradients, firsts, squared(roots), step, draw.rate(), *betas, epsilon


@check("adam_step", points=4, hint=FAIR)
def check_adam_step_one_step(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """renews both averages, makes up for their start at 0, and steps"""
    zeros = paper({"a": 0, "b": 0})
    judge(paper({"a": 5, "b": 7}), paper({"a": 3, "b": -7}), zeros, zeros, 1, 0.5, 0.75, 0.5, 0.5)
    judge(
        paper({"a": 5, "b": 7}), paper({"a": 2, "b": -4}), paper({"a": 4, "b": 2}), paper({"a": 8, "b": 6}),
        2, 0.5, 0.75, 0.5, 0.25,
    ) if not draw.is_exact else None  # fmt: skip
    for shapes, step in (({"a": (2,), "b": ()}, 2), (SHAPES, 3)):
        for _ in draw.sizes(1):
            judge(*adam_case(draw, shapes, step, draw.count(1, 9) / 20))
    if not draw.is_exact:  # where ε is larger than the usual size
        place, gradients, firsts, seconds, *numbers = adam_case(draw, SHAPES, 4, 0.45)
        judge(place, scaled_by(0.05, gradients), scaled_by(0.05, firsts), scaled_by(0.0025, seconds), *numbers)


@check("adam_step", points=4, visibility="hidden", needs=("adam_step_one_step",), hint=FAIR)
def check_adam_step_six_steps(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for six steps, late steps, tiny gradients and zeros, any shapes and order of keys, and in float32"""
    if draw.is_exact:
        for _ in draw.sizes(1, 1, 1):
            judge(*exact_adam(draw))
        return
    place = drawn(draw, SHAPES)
    firsts, seconds = mapped_to(place, 0.0), mapped_to(place, 0.0)
    usual = draw.rate(), 0.9, 0.999, TINY
    for step, gradients in enumerate(six_gradients(draw), 1):
        judge(place, gradients, firsts, seconds, step, *usual)
        after = adam_step(None, place, gradients, firsts, seconds, step, *usual)
        place, firsts, seconds = map(plain, after)
    for step, rate in ((2, draw.rate()), (draw.count(50, 90), torch.tensor(draw.rate()).double())):
        place, gradients, firsts, seconds, *_, beta1, beta2, _ = adam_case(draw, some_shapes(draw), step, 0.5)
        judge(place, shuffled(gradients), firsts, shuffled(seconds), step, rate, beta1, beta2, 0.5)
    for size, epsilon in ((0.0, TINY), (1e-9, TINY), (0.0, 0.5), (1e-9, 0.5)):
        place = drawn(draw, SHAPES)
        small = scaled_by(size, drawn(draw, SHAPES))
        zeros = mapped_to(place, 0.0)
        judge(place, small, zeros, zeros, 1, draw.rate(), 0.9, 0.99, epsilon)
    judge(*adam_case(draw, SHAPES, 4, TINY))
    draw.single()
    judge(*adam_case(draw, SHAPES, 3, 0.25))


NORM = "How many norms does one call have, and what happens to the gradients where it is small?"


def clip_cases(
    draw: CaseGenerator, shapes: dict[str, tuple[int, ...]], *parts: float
) -> Iterator[tuple[Tensors, float]]:
    """Gradients, and limits that are these parts of their norm."""
    for part in parts:
        gradients = drawn(draw, shapes)
        norm = float(torch.cat([value.reshape(-1) for value in gradients.values()]).norm())
        yield gradients, round(part * norm, 2)


@check("clip_by_norm", points=2, hint=NORM)
def check_clip_by_norm_one_factor(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """makes the arrow of all gradients as short as max_norm, without turning it"""
    judge(paper({"a": 6, "b": -8}), 5.0)
    judge(paper({"a": 2, "b": [3, 6]}), 14.0)
    if draw.is_exact:
        judge(paper({"a": [1, -4], "b": 8}), 4.5)
        return
    for shapes in ({"a": (2,), "b": ()}, SHAPES):
        for _ in draw.sizes(1):
            for case in clip_cases(draw, shapes, 0.4, 2.5):
                judge(*case)


@check("clip_by_norm", points=1, visibility="hidden", needs=("clip_by_norm_one_factor",), hint=NORM)
def check_clip_by_norm_any_shapes(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one tensor and many, for zeros and tiny gradients, and in float32"""
    if draw.is_exact:
        judge(paper({"W": [[2, -3], [6, 0]], "c": 0}), 3.5)
        judge(paper({"W": [[2, -3], [6, 0]], "c": 0}), 8.5)
        return
    many: tuple[dict[str, tuple[int, ...]], ...] = ({"only": (draw.count(3, 5),)}, {"c": ()}, some_shapes(draw), SHAPES)
    for shapes in many:
        for case in clip_cases(draw, shapes, 0.05 * draw.count(4, 16), 1.7):
            judge(*case)
    zeros = mapped_to(drawn(draw, SHAPES), 0.0)
    judge(zeros, 1.5)
    for limit in (1.5, 1e-9):
        judge(scaled_by(1e-9, drawn(draw, SHAPES)), limit)
    judge(scaled_by(1000, drawn(draw, SHAPES)), 1.5)
    draw.single()
    for case in clip_cases(draw, SHAPES, 0.3, 3.0):
        judge(*case)
