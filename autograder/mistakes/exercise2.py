"""Known mistakes of exercise 2: two layers, one factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from autograder.checking import Mistake, altered, composition, turned
from autograder.mistakes import steps
from autograder.mistakes.common import cut_to_whole_numbers
from autograder.mistakes.lines import Samples, Slopes, loss_mistakes, update_mistakes

Parameters = dict[str, Any]
NAMES = ("a1", "b1", "a2", "b2")

AT_ZERO = "What should come out of layer one at x = 0?"
TWO_AT_ZERO = "What should layer two give where g = 0?"
INTO_TWO = "What goes into layer two?"
OWN = "Which slope and which intercept belong to which layer?"
RISE = "If g grows by 1, by how much should ŷ grow?"


def layers(identity: str, text: str, question: str, formula: Callable[..., Any], **asks: str) -> Mistake:
    """Return a mistake in the formulas of the two lines: of a1, b1, a2, b2 and x."""

    def variant(_functions: Any, parameters: Parameters, x: Tensor) -> Any:
        return formula(*(parameters[name] for name in NAMES), x)

    return Mistake("forward", identity, text, question, variant, asks=asks)


def second(identity: str, text: str, question: str, formula: Callable[..., Tensor]) -> Mistake:
    """Return a mistake in layer two only: of g, a1, b1, a2, b2 and x."""
    return layers(
        identity, text, question, lambda a1, b1, a2, b2, x: (a1 * x + b1, formula(a1 * x + b1, a1, b1, a2, b2, x))
    )


FORWARD = (
    Mistake(
        "forward",
        "swapped",
        "g and y_pred have changed places",
        "Which of the two does the description name first?",
        altered("forward", lambda right, *_: turned(right)),
        is_whole=True,
    ),
    layers(
        "bias-ignored",
        "{parts}: an intercept is left out",
        AT_ZERO,
        lambda a1, b1, a2, b2, x: (a1 * x, a2 * a1 * x),
        y_pred=TWO_AT_ZERO,
    ),
    layers(
        "bias-ignored",
        "{parts}: b1 is left out",
        AT_ZERO,
        lambda a1, b1, a2, b2, x: (a1 * x, a2 * a1 * x + b2),
        y_pred=INTO_TWO,
    ),
    second("bias-ignored", "{parts}: b2 is left out", TWO_AT_ZERO, lambda g, a1, b1, a2, b2, x: a2 * g),
    second("x-for-g", "{parts}: layer two has x for its input", INTO_TWO, lambda g, a1, b1, a2, b2, x: a2 * x + b2),
    second("wrong-layer-factor", "{parts}: a1 stands for a2", OWN, lambda g, a1, b1, a2, b2, x: a1 * g + b2),
    second("wrong-layer-factor", "{parts}: layer one comes twice", OWN, lambda g, a1, b1, a2, b2, x: a1 * g + b1),
    second("wrong-layer-bias", "{parts}: b1 stands for b2", OWN, lambda g, a1, b1, a2, b2, x: a2 * g + b1),
    second("slope-ignored", "{parts}: a2 is not in it", RISE, lambda g, a1, b1, a2, b2, x: g + b2),
    second("added-not-multiplied", "{parts}: a2 is added", RISE, lambda g, a1, b1, a2, b2, x: a2 + g + b2),
    second("layers-added", "{parts}: the layers are added up", INTO_TWO, lambda g, a1, b1, a2, b2, x: g + a2 * x + b2),
    second("bias-times-slope", "{parts}: b2 has a factor", TWO_AT_ZERO, lambda g, a1, b1, a2, b2, x: a2 * (g + b2)),
    second("swapped", "{parts}: a2 and b2 have changed places", RISE, lambda g, a1, b1, a2, b2, x: b2 * g + a2),
    second("bias-subtracted", "{parts}: b2 is taken away", TWO_AT_ZERO, lambda g, a1, b1, a2, b2, x: a2 * g - b2),
    layers(
        "swapped",
        "{parts}: the two layers have changed places",
        OWN,
        lambda a1, b1, a2, b2, x: (a2 * x + b2, a1 * (a2 * x + b2) + b1),
    ),
    layers(
        "swapped",
        "{parts}: slope and intercept have changed places in both layers",
        AT_ZERO,
        lambda a1, b1, a2, b2, x: (b1 * x + a1, b2 * (b1 * x + a1) + a2),
    ),
    layers(
        "swapped",
        "{parts}: a1 and b1 have changed places",
        AT_ZERO,
        lambda a1, b1, a2, b2, x: (b1 * x + a1, a2 * (b1 * x + a1) + b2),
    ),
    layers(
        "slope-ignored",
        "{parts}: a1 is not in it",
        "If x grows by 1, by how much should g grow?",
        lambda a1, b1, a2, b2, x: (x + b1, a2 * (x + b1) + b2),
    ),
)
LOSS = loss_mistakes("loss")

# Layer two.


def second_samples(_functions: Any, g: Tensor, y_pred: Tensor, y: Tensor) -> Samples:
    """What the slopes of a call of manual_gradients are made of."""
    return Samples(y_pred, y, g)


SECOND = Slopes("manual_gradients", ("a2", "b2"), "g", second_samples).all()

# Layer one: the chain rule.


def first_samples(_functions: Any, parameters: Parameters, x: Tensor, y_pred: Tensor, y: Tensor) -> Samples:
    """What the slopes of a call of chain_rule_gradients are made of."""
    return Samples(y_pred, y, x, parameters["a2"])


FIRST_SLOPES = Slopes("chain_rule_gradients", ("a1", "b1"), "x", first_samples)
FIRST = FIRST_SLOPES.all()
TO_A1 = "If a1 grows by a little ε, g grows by x·ε. By how much does ŷ grow?"
TO_B1 = "If b1 grows by a little ε, by how much does g grow, and by how much ŷ?"


def chained(
    identity: str,
    text: str,
    formula: Callable[..., Any],
    ask: str = TO_A1,
    ask_b1: str = TO_B1,
    *,
    is_whole: bool = False,
) -> Mistake:
    """Return a mistake in the chain rule: of the residuals, a1, b1, a2, b2 and x."""

    def variant(_functions: Any, parameters: Parameters, x: Tensor, y_pred: Tensor, y: Tensor) -> Parameters:
        a1, b1 = formula(y_pred - y, *(parameters[name] for name in NAMES), x)
        return {"a1": a1, "b1": b1}

    return Mistake("chain_rule_gradients", identity, text, ask, variant, is_whole, {"b1": ask_b1})


MISSING = "{parts}: the factor that layer two adds is missing"
INTO_ONE = "What does a1 multiply in layer one?"
GEARS = "If g grows twice as fast as a1, and ŷ three times as fast as g: how fast does ŷ grow?"
CROSSED = "How often does the error cross layer two on its way to layer one?"
MULTIPLIER = "What multiplies g on its way to ŷ?"
CHAIN = (
    chained("upstream-factor-missing", MISSING, lambda r, a1, b1, a2, b2, x: ((r * x).sum(), r.sum())),
    chained(
        "upstream-factor-twice",
        "{parts}: a2 is in it twice",
        lambda r, a1, b1, a2, b2, x: ((r * a2 * a2 * x).sum(), (r * a2 * a2).sum()),
        CROSSED,
        CROSSED,
    ),
    chained(
        "wrong-layer-factor",
        "{parts}: a1 stands where layer two's factor is due",
        lambda r, a1, b1, a2, b2, x: ((r * a1 * x).sum(), (r * a1).sum()),
        MULTIPLIER,
        MULTIPLIER,
    ),
    chained(
        "bias-for-factor",
        "{parts}: b2 stands where layer two's factor is due",
        lambda r, a1, b1, a2, b2, x: ((r * b2 * x).sum(), (r * b2).sum()),
        MULTIPLIER,
        MULTIPLIER,
    ),
    chained(
        "divided-by-factor",
        "{parts}: divided by a2",
        lambda r, a1, b1, a2, b2, x: ((r * x / a2).sum(), (r / a2).sum()),
        MULTIPLIER,
        MULTIPLIER,
    ),
    chained(
        "g-for-x",
        "{parts}: g stands where layer one's input is due",
        lambda r, a1, b1, a2, b2, x: ((r * a2 * (a1 * x + b1)).sum(), (r * a2).sum()),
        INTO_ONE,
    ),
    chained(
        "layer-two-repeated",
        "{parts}: the derivatives of layer two",
        lambda r, a1, b1, a2, b2, x: ((r * (a1 * x + b1)).sum(), r.sum()),
        is_whole=True,
    ),
    chained(
        "wrt-x",
        "{parts}: the derivative by x, which is data",
        lambda r, a1, b1, a2, b2, x: ((r * a2 * a1).sum(), (r * a2 * a1).sum()),
        "Which letter do you turn to make the loss smaller: a1, b1 or x?",
        "Which letter do you turn to make the loss smaller: a1, b1 or x?",
    ),
    chained(
        "parameter-kept",
        "{parts}: the parameter itself is still a factor",
        lambda r, a1, b1, a2, b2, x: ((r * a2 * a1 * x).sum(), (r * a2 * b1).sum()),
    ),
)
SUMS_A1: tuple[Callable[..., Any], ...] = (  # of the residuals, a2 and x
    lambda r, a2, x: (r * (a2 + x)).sum(),
    lambda r, a2, x: (r + a2 + x).sum(),
    lambda r, a2, x: (r * a2 + x).sum(),
    lambda r, a2, x: (r * x + a2).sum(),
    lambda r, a2, x: ((r + a2) * x).sum(),
    lambda r, a2, x: (r * x).sum() + a2,
)
SUMS_B1: tuple[Callable[..., Any], ...] = (  # of the residuals and a2
    lambda r, a2: (r * (a2 + 1)).sum(),
    lambda r, a2: (r + a2).sum(),
    lambda r, a2: (r + a2 + 1).sum(),
    lambda r, a2: r.sum() + a2,
)
ADDED = tuple(
    chained(
        "added-not-multiplied",
        "{parts}: the shares of the layers are added",
        lambda r, _a1, _b1, a2, _b2, x, one=one, two=two: (one(r, a2, x), two(r, a2)),
        GEARS,
        GEARS,
    )
    for one in SUMS_A1
    for two in SUMS_B1
)


@composition("chain_rule_gradients", "forward", "manual_gradients")
def through_layer_two(functions: Any, parameters: Parameters, x: Tensor, _y_pred: Tensor, y: Tensor) -> Parameters:
    """The slopes of layer two with x in the place of g, times a2, at a prediction made once more."""
    below = functions.manual_gradients(x, functions.forward(parameters, x)[1], y)
    return {"a1": parameters["a2"] * below["a2"], "b1": parameters["a2"] * below["b2"]}


UPDATE = update_mistakes(
    "update",
    NAMES,
    (
        {"a1": "b1", "b1": "a1", "a2": "b2", "b2": "a2"},
        {"a1": "a2", "a2": "a1", "b1": "b2", "b2": "b1"},
        {"a1": "b2", "b1": "a2", "a2": "b1", "b2": "a1"},
        {"a1": "b1", "b1": "a1", "a2": "a2", "b2": "b2"},
        {"a1": "a1", "b1": "b1", "a2": "b2", "b2": "a2"},
        {"a1": "a2", "a2": "a1", "b1": "b1", "b2": "b2"},
        {"a1": "a1", "a2": "a2", "b1": "b2", "b2": "b1"},
    ),
)
TRAIN_STEP = steps.MISTAKES

# One line.


def collapsed(
    identity: str, text: str, question: str, formula: Callable[..., Any], *, is_whole: bool = False
) -> Mistake:
    """Return a mistake in the one line's slope and intercept: of a1, b1, a2 and b2."""

    def variant(_functions: Any, parameters: Parameters) -> Any:
        return formula(*(parameters[name] for name in NAMES))

    return Mistake("collapse", identity, text, question, variant, is_whole)


STEEP = "If x grows by 1, by how much does g grow, and by how much then ŷ?"
ALONE = "What comes out of layer two at x = 0, where g is b1?"
COLLAPSE = (
    collapsed(
        "swapped",
        "slope and intercept have changed places",
        "Which of the two does the description name first?",
        lambda a1, b1, a2, b2: (a2 * b1 + b2, a1 * a2),
        is_whole=True,
    ),
    collapsed("bias-ignored", "{parts}: b1 is left out", ALONE, lambda a1, b1, a2, b2: (a1 * a2, b2)),
    collapsed("bias-ignored", "{parts}: b2 is left out", ALONE, lambda a1, b1, a2, b2: (a1 * a2, a2 * b1)),
    collapsed(
        "upstream-factor-missing",
        "{parts}: b1 does not pass through layer two",
        ALONE,
        lambda a1, b1, a2, b2: (a1 * a2, b1 + b2),
    ),
    collapsed(
        "added-not-multiplied", "{parts}: slopes are added", STEEP, lambda a1, b1, a2, b2: (a1 + a2, a2 * b1 + b2)
    ),
    collapsed(
        "added-not-multiplied",
        "{parts}: each a sum of two",
        STEEP,
        lambda a1, b1, a2, b2: (a1 + a2, b1 + b2),
        is_whole=True,
    ),
    collapsed("added-not-multiplied", "{parts}: a2 is added", ALONE, lambda a1, b1, a2, b2: (a1 * a2, a2 + b1 + b2)),
    collapsed("wrong-layer-factor", "{parts}: a1 stands for a2", ALONE, lambda a1, b1, a2, b2: (a1 * a2, a1 * b1 + b2)),
    collapsed(
        "wrong-layer-factor",
        "{parts}: the layers have changed places",
        ALONE,
        lambda a1, b1, a2, b2: (a1 * a2, a1 * b2 + b1),
    ),
    collapsed(
        "wrong-layer-factor",
        "{parts}: a2 multiplies the wrong one",
        ALONE,
        lambda a1, b1, a2, b2: (a1 * a2, a2 * b2 + b1),
    ),
    collapsed(
        "upstream-factor-twice",
        "{parts}: a slope is in it twice",
        ALONE,
        lambda a1, b1, a2, b2: (a1 * a2 * a2, a2 * a2 * b1 + b2),
    ),
    collapsed("bias-times-slope", "{parts}: b2 has a factor", ALONE, lambda a1, b1, a2, b2: (a1 * a2, a2 * (b1 + b2))),
    collapsed(
        "bias-multiplied", "{parts}: the intercepts are multiplied", ALONE, lambda a1, b1, a2, b2: (a1 * a2, b1 * b2)
    ),
    collapsed("bias-subtracted", "{parts}: b2 is taken away", ALONE, lambda a1, b1, a2, b2: (a1 * a2, a2 * b1 - b2)),
    *(
        collapsed("bias-in-slope", "{parts}: b1 is in it, which does not come with x", STEEP, formula)
        for formula in (
            lambda a1, b1, a2, b2: (a1 * a2 + b1, a2 * b1 + b2),
            lambda a1, b1, a2, b2: (a2 * (a1 + b1), a2 * b1 + b2),
            lambda a1, b1, a2, b2: (a1 * a2 * b1, a2 * b1 + b2),
            lambda a1, b1, a2, b2: (a2 * b1, a2 * b1 + b2),
        )
    ),
    collapsed("slope-ignored", "{parts}: a1 is not in it", STEEP, lambda a1, b1, a2, b2: (a2, a2 * b1 + b2)),
    collapsed("slope-ignored", "{parts}: a2 is not in it", STEEP, lambda a1, b1, a2, b2: (a1, a2 * b1 + b2)),
)
CUT = tuple(
    each
    for name in ("forward", "loss", "manual_gradients", "chain_rule_gradients", "update", "collapse")
    for each in cut_to_whole_numbers(name)
)
