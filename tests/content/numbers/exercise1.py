"""What exercise 1 says in numbers."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from solutions import solution

ONE = solution("exercise1")


def vector(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


# The example that goes through all sections
START = ONE.scalars(a=2.0, b=1.0)
X, Y = vector(1, 2, 3), vector(1, 5, 10)
LINE = ONE.predict(START, X)
LOSS = ONE.loss(LINE, Y)
GRADIENTS = ONE.manual_gradients(START, X, Y)
RATES = {"a": 0.1, "b": 0.5}
STEPPED = ONE.update(START, GRADIENTS, RATES)


def nudged(a: float) -> Tensor:
    return ONE.predict({**START, "a": vector(a)}, X)


RIGHT, LEFT = ONE.loss(nudged(2.001), Y), ONE.loss(nudged(1.999), Y)

ROW = vector(1, 3, 5)

# Two samples, one at a time
PAIR, HALVES = (vector(1, 3), vector(1, 4)), {"a": 0.5, "b": 0.5}
FIRST, FIRST_LOSS = ONE.train_epoch(START, PAIR[0][:1], PAIR[1][:1], HALVES, 1)
BOTH, BOTH_LOSS = ONE.train_epoch(START, *PAIR, HALVES, 1)

# The data sets
SPEED, DISTANCE = ONE.load("stopping_distance.csv")
CARS = ONE.scalars(a=0.0, b=0.0)
for _ in range(200):
    CARS, _ = ONE.train_epoch(CARS, SPEED, DISTANCE, {"a": 5e-5, "b": 1e-2}, len(SPEED))
ODD = np.arange(1.0, 100.0, 2.0)


def factors(size: int) -> list[float]:
    """By what one step on each batch multiplies a − 2, where b = 10."""
    return [float(1 - 1e-4 * x @ x) for x in np.split(ODD, 50 // size)]


SAID: dict[str, Any] = {
    '`{"a": 2, "b": 1}["a"]` is 2': [START, START["a"]],
    # What a tensor can do
    "`x`, which holds 1, 3 and 5": ROW,
    "`2 * x + 1` | [3, 7, 11]": [2, 1, 2 * ROW + 1],
    "`x * x`, `x ** 2` | [1, 9, 25]": [2, ROW**2],
    "`x.sum()` | 9": ROW.sum(),
    "`len(x)` | 3": len(ROW),
    "`x[0:2]` | [1, 3]: places 0 and 1. Python counts from 0": [0, 2, ROW[0:2], 0, 1, 0],
    "`x[2:4]` | [5]": [2, 4, ROW[2:4]],
    # Predict
    "A line has the height 1 at x = 0 and rises by 2": [START["b"], 0, START["a"]],
    "at x = 1, 2 and 3?": X,
    "height at x = 0": 0,
    "a = 2, b = 1 and x = [1, 2, 3] must give [3, 5, 7]": [START, X, LINE],
    # Measure the error
    "the truth is y = [1, 5, 10]": Y,
    "a line that rises by 2. At x = 1 the line is 2 above": [START["a"], X[0], (LINE - Y)[0]],
    "at x = 2 it meets the point": X[1] + (LINE - Y)[1],
    "at x = 3 it is 3 below": [X[2], (Y - LINE)[2]],
    "here [2, 0, −3]": LINE - Y,
    "+2 and −2 would cancel": [2, -2],
    "will cancel a 2": 2,
    "must give 6.5, of shape": LOSS,
    # Which way is downhill?
    "Nudge a from 2 to 2.001 and leave b at 1. Does the loss, 6.5": [START["a"], 2.001, START["b"], LOSS],
    "[3.001, 5.002, 7.003], and L becomes 6.493007": [nudged(2.001), RIGHT],
    "It moved by −0.006993: −6.993 for each unit": [RIGHT - LOSS, (RIGHT - LOSS) / 0.001],
    "closer and closer to −7": GRADIENTS["a"],
    "ŷᵢ moves by 1·ε": 1,
    "+ 2 r \\varepsilon": 2,
    "the half takes the 2": 2,
    "each sample adds 1·rᵢ": 1,
    "must come to −7 for a and −1 for b": GRADIENTS,
    # See for yourself: the nudge
    "the nudge of a said −6.993": (RIGHT - LOSS) / 0.001,
    "from 2 to 1.999": [START["a"], 1.999],
    "There L is 6.507007, and the nudge says −7.007": [LEFT, (LOSS - LEFT) / 0.001],
    "Between 1.999 and 2.001, L moves by −0.014, which is −7 for each unit": [
        1.999,
        2.001,
        RIGHT - LEFT,
        ONE.nudge(START, "a", X, Y),
    ],
    # Take a step
    "At a = 2 the derivative by a is −7": [START["a"], GRADIENTS["a"]],
    "if it were +7": 7,
    "the gradients −7 and −1 and the rates 0.1 and 0.5 must turn a = 2 into 2.7, and b = 1 into 1.5": [
        GRADIENTS,
        RATES,
        [[START[name], STEPPED[name]] for name in "ab"],
    ],
    # Once through the data
    "x = [1, 3], y = [1, 4], a = 2, b = 1, both rates 0.5": [PAIR, START, 0.5],
    "The first has the loss 2 and leads to a = 1, b = 0": [FIRST_LOSS, FIRST],
    "The second has 0.5 and leads to a = 2.5, b = 0.5. So the epoch's loss is 2.5": [
        BOTH_LOSS - FIRST_LOSS,
        BOTH,
        BOTH_LOSS,
    ],
    # Train it
    "come 100 epochs on the points of $y = 2x + 10$. The slope soon arrives at 2": [100, 2, 10, 2],
    "on its way to 10": 10,
    "`faster = 10`: both learning rates times 10": [10, 10],
    "`batch_size = 10`": 10,
    "looks like 3.2e+49, which is a 3 and 49 more digits": [3.2e49, 3, 49],
    "from 50 real cars": len(SPEED),
    "how many feet more each mile per hour takes: 3.9": CARS["a"],
    "−17.5 feet": CARS["b"],
    "Below 4 miles per hour": SPEED.min(),
    # Why these learning rates work
    "Suppose that $b$ is 10 already. Then every batch wants $a = 2$": [10, 2],
    "the distance $a - 2$ by $1 - \\eta_a \\lambda$. Between −1 and 1 it ends nearer; below −1": [2, 1, -1, 1, -1],
    "With $\\eta_a = 0.0001$": 1e-4,
    "0.98, 0.88, 0.68, 0.38, −0.02, −0.52, −1.12, −1.82, −2.62, −3.52; their product: 0.036": [
        factors(5),
        np.prod(factors(5)),
    ],
    "0.87, 0.07, −1.53, −3.93, −7.13; their product: −2.5": [factors(10), np.prod(factors(10))],
    "$x$ stays near 1": 1,
    "some of five and most of ten lie below −1": -1,
}
