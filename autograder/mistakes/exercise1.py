"""Known mistakes of exercise 1: one layer, one factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from autograder.checking import Mistake, mistake
from autograder.mistakes import epochs
from autograder.mistakes.common import cut_to_whole_numbers
from autograder.mistakes.lines import Samples, Slopes, loss_mistakes, update_mistakes

Parameters = dict[str, Any]


def line(identity: str, text: str, question: str, formula: Callable[[Tensor, Tensor, Tensor], Any]) -> Mistake:
    """Return a mistake in the formula of the line."""

    def variant(_functions: Any, parameters: Parameters, x: Tensor) -> Any:
        return formula(parameters["a"], parameters["b"], x)

    return Mistake("predict", identity, text, question, variant, is_whole=True)


HOW_MANY = "How many predictions are due for n samples, and how many times does your loop run?"
PREDICT = (
    line("swapped", "a and b have changed places", "What should come out at x = 0?", lambda a, b, x: b * x + a),
    line("bias-ignored", "b is not in it", "What should come out at x = 0?", lambda a, _, x: a * x),
    line("bias-subtracted", "b is taken away", "What should come out at x = 0?", lambda a, b, x: a * x - b),
    line("bias-times-x", "b is multiplied with x too", "What should come out at x = 0?", lambda a, b, x: (a + b) * x),
    line(
        "bias-times-slope", "b is multiplied with a too", "What should come out at x = 0?", lambda a, b, x: a * (x + b)
    ),
    line("slope-ignored", "a is not in it", "How much more comes out for each unit of x?", lambda _, b, x: x + b),
    line(
        "added-not-multiplied",
        "a and x are added",
        "How much more comes out for each unit of x?",
        lambda a, b, x: a + x + b,
    ),
    line("input-missing", "x is not in it", "Should x = 0 and x = 100 give the same?", lambda a, b, x: 0 * x + a + b),
    line("first-sample-only", "the prediction of the first sample only", HOW_MANY, lambda a, b, x: a * x[0] + b),
    line("last-sample-only", "the prediction of the last sample only", HOW_MANY, lambda a, b, x: a * x[-1] + b),
    line("last-sample-missing", "the last sample is left out", HOW_MANY, lambda a, b, x: a * x[:-1] + b),
    line(
        "samples-added-up",
        "the predictions of all samples are added up",
        "How many predictions are due for n samples?",
        lambda a, b, x: (a * x + b).sum(),
    ),
)
LOSS = loss_mistakes("loss")


def samples(functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> Samples:
    """What the slopes of a call of manual_gradients are made of."""
    return Samples(functions.predict(parameters, x), y, x)


SLOPES = Slopes("manual_gradients", ("a", "b"), "x", samples)
GRADIENTS = SLOPES.all()


@mistake(
    "manual_gradients",
    "wrt-x",
    "{parts}: the derivative by x, which is data",
    "Which letter do you turn to make the loss smaller: a, b or x?",
)
def along_x(functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> Parameters:
    """∂L/∂x, summed."""
    along = ((functions.predict(parameters, x) - y) * parameters["a"]).sum()
    return {"a": along, "b": along}


@mistake(
    "manual_gradients",
    "parameter-kept",
    "{parts}: the parameter itself is still a factor",
    "If a grows by a little ε, by how much does a·x grow?",
)
def parameter_kept(functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> Parameters:
    """A·x for the derivative of a·x."""
    residual = functions.predict(parameters, x) - y
    return {"a": (residual * x * parameters["a"]).sum(), "b": (residual * parameters["b"]).sum()}


UPDATE = update_mistakes("update", ("a", "b"), ({"a": "b", "b": "a"},))
TRAIN_EPOCH = epochs.MISTAKES
CUT = tuple(each for name in ("predict", "loss", "manual_gradients", "update") for each in cut_to_whole_numbers(name))
