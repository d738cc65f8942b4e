"""Mistakes with straight lines, which exercises 1 and 2 share: loss, slopes along the parameters, update."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Mistake, altered
from autograder.mistakes.common import averaged, doubled, mean_squared, sign_flipped, swapped

Pair = Sequence[Any]  # the slopes along both parameters, None for one that is right
FIRST = "{parts}: of the first sample only"
FIRST_ASK = "How many times does your loop run before `return` is reached?"
LAST = "{parts}: of the last sample only"
LAST_ASK = "After the loop, what has become of the first sample's share?"
SHORT = "{parts}: the last sample is left out"
SHORT_ASK = "For which samples does your loop, or your slice, run?"
EACH = "{parts}: one value for each sample, where one number is due"
ALL_PAIRS = "{parts}: each prediction meets each target: n² residuals in place of n"
ALL_PAIRS_ASK = "What is the shape of ŷ − y in your function, and how many residuals do n samples have?"


def loss_mistakes(function: str) -> tuple[Mistake, ...]:
    """Return what goes wrong in ½ Σ (ŷ − y)²."""
    return (*_loss_factors(function), *_loss_samples(function), *_loss_residuals(function))


def _loss(function: str, identity: str, text: str, question: str, formula: Callable[..., Tensor]) -> Mistake:
    def variant(_functions: Any, y_pred: Tensor, y: Tensor) -> Tensor:
        return formula(y_pred, y)

    return Mistake(function, identity, text, question, variant, is_whole=True)


def _loss_factors(function: str) -> Iterator[Mistake]:
    def count(y_pred: Tensor, _y: Tensor) -> int:
        return len(y_pred)

    yield doubled(function, "Which part of the formula is there to cancel a 2?")
    yield averaged(function, count)
    yield mean_squared(function, count)
    text = "right size, opposite sign: a sum of squares cannot be negative"
    yield _loss(function, "sign-flipped", text, "Where does a minus come from?", lambda p, y: -_halves(p, y).sum())
    text, ask = "a quarter of the squares in place of half of them", "How often is it halved in your function?"
    yield _loss(function, "half-twice", text, ask, lambda p, y: _halves(p, y).sum() / 2)


def _loss_samples(function: str) -> Iterator[Mistake]:
    def add(identity: str, text: str, question: str, formula: Callable[..., Tensor]) -> Mistake:
        return _loss(function, identity, text, question, formula)

    one = "How does the formula make one number of all samples?"
    yield add("not-summed", EACH, one, _halves)
    yield add("not-summed", EACH, one, lambda p, y: _halves(p, y)[:, None])
    yield add("not-summed", EACH, one, lambda p, y: _halves(p, y)[None])
    yield add("last-sample-only", LAST, LAST_ASK, lambda p, y: _halves(p, y)[-1])
    yield add("first-sample-only", FIRST, FIRST_ASK, lambda p, y: _halves(p, y)[0])
    yield add("last-sample-missing", SHORT, SHORT_ASK, lambda p, y: _halves(p, y)[:-1].sum())
    text = "the first sample is left out"
    yield add("first-sample-missing", text, SHORT_ASK, lambda p, y: _halves(p, y)[1:].sum())
    text = "the largest share in place of the sum of all"
    yield add("largest-only", text, one, lambda p, y: _halves(p, y).max())
    text = "the residuals are added up before they are squared"
    ask = "Do the residuals 1 and −1 together give a loss of 0?"
    yield add("sum-squared", text, ask, lambda p, y: (p - y).sum() ** 2 / 2)
    yield add("broadcast-loss", ALL_PAIRS, ALL_PAIRS_ASK, lambda p, y: ((p[:, None] - y) ** 2).sum() / 2)
    yield add("broadcast-loss", ALL_PAIRS, ALL_PAIRS_ASK, lambda p, y: ((p[:, None] - y) ** 2).mean() / 2)
    yield add("broadcast-loss", ALL_PAIRS, ALL_PAIRS_ASK, lambda p, y: ((p[:, None] - y) ** 2).mean())
    yield add("broadcast-loss", ALL_PAIRS, ALL_PAIRS_ASK, lambda p, y: ((p[:, None] - y) ** 2).sum(0) / 2)
    yield add("broadcast-loss", ALL_PAIRS, ALL_PAIRS_ASK, lambda p, y: ((p[:, None] - y) ** 2).sum(1) / 2)
    yield add("broadcast-loss", ALL_PAIRS, ALL_PAIRS_ASK, lambda p, y: (p[:, None] - y) ** 2 / 2)
    yield add("broadcast-loss", ALL_PAIRS, ALL_PAIRS_ASK, lambda p, y: (p - y[:, None]) ** 2 / 2)


def _loss_residuals(function: str) -> Iterator[Mistake]:
    def add(identity: str, text: str, question: str, formula: Callable[..., Tensor]) -> Mistake:
        return _loss(function, identity, text, question, formula)

    text, ask = "sizes of residuals in place of their squares", "What does the formula do to each residual first?"
    yield add("absolute-residual", text, ask, lambda p, y: (p - y).abs().sum() / 2)
    yield add("absolute-residual", text, ask, lambda p, y: (p - y).abs().sum())
    yield add("absolute-residual", text, ask, lambda p, y: (p - y).abs().mean())
    yield add("absolute-residual", text, ask, lambda p, y: (p - y).abs().mean() / 2)
    text = "residuals are added up as they are, without a square"
    yield add("square-missing", text, "Can a loss be negative?", lambda p, y: (p - y).sum() / 2)
    yield add("square-missing", text, "Can a loss be negative?", lambda p, y: (p - y).sum())
    text, ask = "it is the root of what is due, or of twice that", "What is left to do once the squares are added up?"
    yield add("root-taken", text, ask, lambda p, y: _halves(p, y).sum().sqrt())
    yield add("root-taken", text, ask, lambda p, y: ((p - y) ** 2).sum().sqrt())
    yield add("root-taken", text, ask, lambda p, y: ((p - y) ** 2).sum().sqrt() / 2)
    text, ask = (
        "the prediction, or the target, stands in the residual's place",
        "Where do ŷ and y meet in your formula?",
    )
    yield add("residual-missing", text, ask, lambda p, _: (p**2).sum() / 2)
    yield add("residual-missing", text, ask, lambda _, y: (y**2).sum() / 2)
    text, ask = "the squares of ŷ and y are subtracted, not ŷ and y", "Which comes first: the difference or the square?"
    yield add("squares-subtracted", text, ask, lambda p, y: (p**2 - y**2).sum() / 2)
    yield add("squares-subtracted", text, ask, lambda p, y: (y**2 - p**2).sum() / 2)
    text, ask = "ŷ and y are added, not subtracted", "If every prediction is right, what should the loss be?"
    yield add("residual-added", text, ask, lambda p, y: ((p + y) ** 2).sum() / 2)


def _halves(y_pred: Tensor, y: Tensor) -> Tensor:
    return (y_pred - y) ** 2 / 2


@dataclass(frozen=True)
class Samples:
    """What the slopes of a layer's line are made of: each adds residual · factor · input, or residual · factor."""

    y_pred: Tensor
    y: Tensor
    input: Tensor
    factor: Any = 1.0  # of the layers above

    @property
    def residual(self) -> Tensor:
        """By how much each prediction is too high."""
        return self.y_pred - self.y


@dataclass(frozen=True)
class Slopes:
    """The mistakes of a function that returns the slopes of the loss along a layer's two parameters.

    `names` are those of the parameters, `input` is what the layer takes in, `read` makes samples of a call.
    """

    function: str
    names: tuple[str, str]
    input: str
    read: Callable[..., Samples]

    def all(self) -> tuple[Mistake, ...]:
        """Return all that the layers have in common."""
        return (*self._factors(), *self._samples(), *self._residuals(), *self._inputs())

    def add(
        self,
        identity: str,
        text: str,
        question: str,
        pair: Callable[..., Pair],
        asks: Mapping[str, str] | None = None,
        *,
        is_whole: bool = False,
    ) -> Mistake:
        """Return a mistake: `pair` makes both slopes of the samples, None for one that is right."""

        def variant(functions: Any, *arguments: Any) -> dict[str, Any]:
            samples = self.read(functions, *arguments)
            right = _pair(samples.residual * samples.factor, samples)
            made = pair(samples)
            both = (due if value is None else value for value, due in zip(made, right, strict=True))
            return dict(zip(self.names, both, strict=True))

        return Mistake(self.function, identity, text, question, variant, is_whole, asks or {})

    def _factors(self) -> Iterator[Mistake]:
        def count(*arguments: Any) -> int:
            return len(arguments[-1])

        yield sign_flipped(self.function)
        yield doubled(self.function)
        yield averaged(self.function, count)
        yield mean_squared(self.function, count)
        text, ask = "{parts}: exactly half of what is expected", "What is the derivative of ½r² with respect to r?"
        yield self.add("half-kept", text, ask, lambda s: _pair(s.residual * s.factor / 2, s))
        a, b = self.names
        text = f"`{a}` and `{b}` have changed places"
        yield swapped(self.function, text, f"Which of the two derivatives carries the factor {self.input}?")

    def _samples(self) -> Iterator[Mistake]:
        one = f"How many numbers is the derivative of the loss by {self.names[0]}?"

        def each(samples: Samples) -> Pair:
            upstream = samples.residual * samples.factor
            return upstream * samples.input, upstream

        yield self.add("not-summed", EACH, one, each)
        yield self.add("not-summed", EACH, one, lambda s: [part[:, None] for part in each(s)])
        yield self.add("not-summed", EACH, one, lambda s: [part[None] for part in each(s)])
        yield self.add("last-sample-only", LAST, LAST_ASK, lambda s: [part[-1] for part in each(s)])
        yield self.add("first-sample-only", FIRST, FIRST_ASK, lambda s: [part[0] for part in each(s)])
        yield self.add("last-sample-missing", SHORT, SHORT_ASK, lambda s: [part[:-1].sum() for part in each(s)])
        text = "{parts}: the first sample is left out"
        yield self.add("first-sample-missing", text, SHORT_ASK, lambda s: [part[1:].sum() for part in each(s)])
        for turn in (False, True):
            yield self.add("broadcast-loss", ALL_PAIRS, ALL_PAIRS_ASK, lambda s, turn=turn: _all_pairs(s, turn))
        text = f"{{parts}}: the sum of the residuals, times the sum of all {self.input}"
        first, second = f"r₁·{self.input}₁", f"r₂·{self.input}₂"
        ask = f"With two samples, is {first} + {second} the same as (r₁ + r₂)·({self.input}₁ + {self.input}₂)?"
        yield self.add("sums-multiplied", text, ask, lambda s: (s.residual.sum() * s.factor * s.input.sum(), None))

    def _residuals(self) -> Iterator[Mistake]:
        """All that can stand in the residual's place."""
        text = "{parts}: the sizes of the residuals, without their signs"
        ask = "Should a prediction that is too high and one that is too low push {} the same way?"
        asks = {name: ask.format(name) for name in self.names}
        yield self._instead("absolute-residual", text, asks[self.names[1]], lambda s: s.residual.abs(), asks)
        text = "{parts}: squared residuals stand where residuals are due"
        ask = "What is left of ½r² when you differentiate it?"
        yield self._instead("squared-residual", text, ask, lambda s: s.residual**2)
        text = "{parts}: the loss stands where its derivative is due"
        yield self._instead("loss-for-slope", text, ask, lambda s: s.residual**2 / 2)
        yield self.add("loss-for-slope", text, ask, lambda s: _times(s, (s.residual**2 / 2).sum()))
        text, ask = "{parts}: the residual is not in it", "Should the derivative change when only the targets y change?"
        yield self._instead("residual-missing", text, ask, lambda s: s.y_pred)
        other = "Should the derivative change when only the predictions change?"
        yield self._instead("residual-missing", text, other, lambda s: s.y)
        yield self._instead("residual-missing", text, ask, lambda s: torch.ones_like(s.y_pred))
        text, ask = "{parts}: ŷ and y are added, not subtracted", "What is r when a prediction is exactly right?"
        yield self._instead("residual-added", text, ask, lambda s: s.y_pred + s.y)
        text = "{parts}: of each residual only the sign is left"
        ask = "Should a prediction that is far off count more than one that is nearly right?"
        yield self._instead("residual-sign-only", text, ask, lambda s: s.residual.sign())

    def _instead(
        self,
        identity: str,
        text: str,
        question: str,
        residual: Callable[[Samples], Tensor],
        asks: Mapping[str, str] | None = None,
    ) -> Mistake:
        return self.add(identity, text, question, lambda s: _pair(residual(s) * s.factor, s), asks)

    def _inputs(self) -> Iterator[Mistake]:
        """All that can stand in the input's place."""
        (a, b), x = self.names, self.input
        text = f"{{parts}}: the factor {x} is missing"
        ask = f"Two samples have the same residual, one at {x} = 0, one at {x} = 100: which one should move {a} more?"
        yield self.add("x-forgotten", text, ask, lambda s: ((s.residual * s.factor).sum(), None))
        text = f"{{parts}}: it has a factor {x}"
        ask = f"If {b} grows by a little ε, by how much does the line rise at {x} = 0, and at {x} = 100?"
        yield self.add("x-in-bias", text, ask, lambda s: (None, (s.residual * s.factor * s.input).sum()))
        text = f"{{parts}}: the prediction ŷ stands where {x} is due"
        ask = f"If {a} grows by a little ε, by how much does {a}·{x} grow?"
        yield self.add("prediction-for-x", text, ask, lambda s: ((s.residual * s.factor * s.y_pred).sum(), None))
        text, ask = f"{{parts}}: {x} is squared", f"How often does {x} stand in the formula of the line?"
        yield self.add("x-twice", text, ask, lambda s: ((s.residual * s.factor * s.input**2).sum(), None))
        text = f"{{parts}}: {x} is added to each residual, not multiplied with it"
        ask = f"If {a} grows by a little ε, by how much does the line rise at {x} = 100?"
        yield self.add("added-not-multiplied", text, ask, lambda s: ((s.residual * s.factor + s.input).sum(), None))


def _pair(upstream: Tensor, samples: Samples) -> Pair:
    return (upstream * samples.input).sum(), upstream.sum()


def _times(samples: Samples, number: Tensor) -> Pair:
    """The slopes where one number stands for all residuals."""
    return (number * samples.factor * samples.input).sum(), number * samples.factor


def _all_pairs(samples: Samples, turn: bool) -> Pair:
    """The slopes of all differences between a prediction and a target, which may be another sample's."""
    differences = samples.y_pred[:, None] - samples.y
    return _pair((differences.T if turn else differences) * samples.factor, samples)


def update_mistakes(function: str, names: Sequence[str], exchanges: Sequence[Mapping[str, str]]) -> tuple[Mistake, ...]:
    """Return what goes wrong in θ − lr·∂L/∂θ; `exchanges` say which parameter's rate or gradient is taken for which."""
    return (*_steps(function, names), *_odd_steps(function, names), *_crossed(function, names, exchanges))


Step = Callable[[Tensor, Tensor, Any], Any]  # a parameter, its gradient, its learning rate


def _step(function: str, names: Sequence[str], identity: str, text: str, question: str, step: Step) -> Mistake:
    def variant(_functions: Any, parameters: Any, gradients: Any, rates: Any) -> dict[str, Any]:
        return {name: step(parameters[name], gradients[name], rates[name]) for name in names}

    return Mistake(function, identity, text, question, variant)


def _steps(function: str, names: Sequence[str]) -> Iterator[Mistake]:
    add = functools.partial(_step, function, names)
    text, ask = "{parts}: a step uphill", "The gradient points uphill. Which way is down?"
    yield add("ascent", text, ask, lambda p, g, rate: p + rate * g)
    text, ask = "{parts}: the learning rate is not in the step", "How long should the step be for a tiny learning rate?"
    yield add("learning-rate-forgotten", text, ask, lambda p, g, _: p - g)
    text, ask = "{parts}: as before the step", "What becomes of the values that your step computes?"
    yield add("not-updated", text, ask, lambda p, _, __: p)
    text, ask = "{parts}: that is how far the step goes", "Where does one arrive who starts at the old parameters?"
    yield add("step-only", text, ask, lambda _, g, rate: rate * g)
    yield add("step-only", text, ask, lambda _, g, rate: -rate * g)
    text, ask = "{parts}: the gradient itself", "Where does one arrive who starts at the old parameters?"
    yield add("gradient-returned", text, ask, lambda _, g, __: g)
    text, ask = (
        "{parts}: right size, opposite sign",
        "Is the step taken from the parameter, or the parameter from the step?",
    )
    yield add("sign-flipped", text, ask, lambda p, g, rate: rate * g - p)


def _odd_steps(function: str, names: Sequence[str]) -> Iterator[Mistake]:
    add = functools.partial(_step, function, names)
    text, ask = "{parts}: divided by the learning rate", "Should a smaller learning rate make a longer step?"
    yield add("divided-by-rate", text, ask, lambda p, g, rate: p - g / rate)
    text, ask = "{parts}: the step is twice as long", "How many steps does one call take?"
    yield add("step-twice", text, ask, lambda p, g, rate: p - 2 * rate * g)
    text, ask = (
        "{parts}: the learning rate is in it twice",
        "How often is the gradient multiplied by the learning rate?",
    )
    yield add("rate-twice", text, ask, lambda p, g, rate: p - rate * rate * g)
    text, ask = "{parts}: the learning rate multiplies the parameter too", "What does the learning rate belong to?"
    yield add("rate-times-all", text, ask, lambda p, g, rate: rate * (p - g))
    text, ask = "{parts}: the gradient is not in the step", "How does each step know which way is down?"
    yield add("gradient-missing", text, ask, lambda p, _, rate: p - rate)
    text, ask = "{parts}: the old value is a factor of the step", "What does the learning rate multiply?"
    yield add("multiplied-step", text, ask, lambda p, g, rate: p * (1 - rate * g))
    text, ask = (
        "{parts}: multiplied where a difference is due",
        "Where does one arrive who stands at 5 and goes 2 down?",
    )
    yield add("multiplied-step", text, ask, lambda p, g, rate: p * rate * g)


def _crossed(function: str, names: Sequence[str], exchanges: Sequence[Mapping[str, str]]) -> Iterator[Mistake]:
    own = dict(zip(names, names, strict=True))

    def add(identity: str, text: str, question: str, rate_of: Mapping[str, str], gradient_of: Mapping[str, str]) -> Any:
        def variant(_functions: Any, parameters: Any, gradients: Any, rates: Any) -> dict[str, Any]:
            return {name: parameters[name] - rates[rate_of[name]] * gradients[gradient_of[name]] for name in names}

        return Mistake(function, identity, text, question, variant, is_whole=True)

    for exchange in exchanges:
        text, ask = "{parts}: stepped with another's learning rate", "Which learning rate belongs to which parameter?"
        yield add("learning-rates-swapped", text, ask, exchange, own)
        text, ask = "{parts}: stepped with another's gradient", "Which gradient belongs to which parameter?"
        yield add("swapped", text, ask, own, exchange)
        text, ask = "each parameter stands under another's name", "Which value belongs under which key?"
        yield Mistake(function, "swapped", text, ask, altered(function, _renaming(exchange)), is_whole=True)
    for one in names:
        all_one = dict.fromkeys(names, one)
        text, ask = "{parts}: all parameters have one learning rate", "How many learning rates does the function get?"
        yield add("one-learning-rate", text, ask, all_one, own)
        text, ask = "{parts}: all parameters have one gradient", "How many gradients does the function get?"
        yield add("one-gradient", text, ask, own, all_one)


def _renaming(names: Mapping[str, str]) -> Callable[..., dict[str, Any]]:
    return lambda right, *_: {name: right[other] for name, other in names.items()}
