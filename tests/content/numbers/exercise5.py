"""What exercise 5 says in numbers."""

import math
from typing import Any

import numpy as np
import torch
from places import DATASETS

from solutions import solution

FIVE = solution("exercise5")


def t(*values: Any) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def share(name: str) -> float:
    """What a straight line explains, in percent."""
    x, y = np.loadtxt(DATASETS / name, delimiter=",", skiprows=1).T
    return 100 * np.corrcoef(x, y)[0, 1] ** 2


W = [t([1.0], [-1.0]), t([1.0, 1.0])]
(X, A1, A2), (Z1, _) = FIVE.forward(W, [t(0.0, 0.0), t(0.0)], t([2.0]))
WEIGHTS, BIASES, LOSS = FIVE.train_epoch([t([2.0])], [t(3.0)], t([1.0], [3.0]), t([4.0], [10.0]), 0.5, 2)
TOOL = t(-1.0, 3.0)
STACK = FIVE.initialize([8, 3, 1], 0)[0]

SAID: dict[str, Any] = {
    "layers $1, \\dots, m$": 1,
    "Would adding 5 to each help? Would replacing each number below 0 by 0? Adding 5 leaves": [5, 0, 0, 5],
    "Below 0 the result stays flat, above 0 it rises": [0, 0],
    "`z`, which is [−1, 3]:": TOOL,
    "`z > 1` | [False": 1,
    "`5 * (z > 1)` | [0, 5]: False counts as 0, True as 1": [5, 1, 5 * (TOOL > 1), False, True],
    "`torch.where(z > 1, z, 7.0)` | [7, 3]: z where it is true, else 7": [1, 7, torch.where(TOOL > 1, TOOL, 7.0), 7],
    "`z.abs()` | [1, 3]": TOOL.abs(),
    "[0.3679, 20.0855]: the number $e$, about 2.718": [TOOL.exp(), math.e],
    "`g.manual_seed(1)`": 1,
    "`torch.randn(2, 3, generator=g)` | 2 rows of 3": [2, 3, 2, 3],
    "`z` = [3, −2] must give [3, 0]": [3, -2, FIVE.relu(t(3.0, -2.0))],
    "`relu(z) = max(0, z)`": FIVE.relu(t(-1.0)),
    "One number $z$ is 3 and": 3,
    "And if $z$ is −2?": -2,
    "Above 0, $a$ is $z$ itself": 0,
    "The derivative below 0 is yours to find: nudge $z = -2$": [0, -2],
    "At 0 exactly": 0,
    "`upstream` = [5, 7] and `z` = [3, −2] must give [5, 0]": [
        5,
        7,
        3,
        -2,
        FIVE.relu_gradient(t(5.0, 7.0), t(3.0, -2.0)),
    ],
    ", 1 for true and 0 for false": [True, False],
    "upstream where z > 0, else 0": [0, 0],
    "at $z = 0$? And what becomes of it when $z$ is 1000": [0, 1000],
    "At 0 it is 0. For": [0, FIVE.tanh(t(0.0))],
    "nearly $e^z / e^z$, so 1.": 1,
    "lies between −1 and 1 for every": FIVE.tanh(t(-1000.0, 1000.0)),
    "the exponent is never above 0.": 0,
    "`z` = [0, 1000, −1000] must give [0, 1, −1]": [0, 1000, -1000, FIVE.tanh(t(0.0, 1000.0, -1000.0))],
    "(1 − e^(−2|z|)) / (1 + e^(−2|z|))": [1, -2, 1, -2],
    "steepest at 0 and flat far out. At $z = 0$ its derivative is 1.": [0, 0, FIVE.tanh_gradient(t(1.0), t(0.0))],
    "What is it at $z = 1000$": 1000,
    "where $t$ is 0.5, the derivative is 0.75": [0.5, FIVE.tanh_gradient(t(1.0), t(0.5).atanh())],
    "`upstream` = [4, 4] and `z` = [0, 1000] must give [4, 0]": [
        4,
        4,
        0,
        1000,
        FIVE.tanh_gradient(t(4.0, 4.0), t(0.0, 1000.0)),
    ],
    "upstream·(1 − tanh(z)²)": 1,
    "One sample, $x = 2$. Layer 1 has two outputs, with the weights 1 and −1 and no bias. Layer 2 adds": [
        X,
        1,
        W[0],
        2,
    ],
    "$Z_1$ = [2, −2], $A_1$ = [2, 0] and $Z_2 = A_2$ = [2]. Without relu it would be 0.": [Z1, A1, A2, Z1.sum()],
    "had $z = -2$ for every sample, so relu made 0": [-2, FIVE.relu(t(-2.0))],
    "to layer $l - 1$": 1,
    "weights of layer 2 are 1. With $A_m - Y = 3$ and $Z_1$ = [2, −2], $\\delta_1$ must be [3, 0]": [
        2,
        1,
        3,
        Z1,
        FIVE.relu_gradient(t([3.0]) @ W[1], Z1),
    ],
    "where Z_{l−1} > 0, else 0`": [0, 0],
    "After 100 steps": 100,
    "with mean 0, in every": 0,
    "may start at 0:": 0,
    "more than 1, numbers grow": 1,
    "a layer with 8 inputs must start with the standard deviation 0.5": [8, (2 / 8) ** 0.5],
    "`sizes` = [8, 3, 1], the weights must have the shapes (3, 8) and (1, 3)": [
        8,
        3,
        1,
        *(tuple(each.shape) for each in STACK),
    ],
    "`W = √(2 / d_in)": 2,
    "$W = 2$ and $b = 3$, and samples 1 and 3 with the truth 4 and 10, in": [2, 3, 1, 3, 4, 10],
    "The residuals are 1 and −1, so `epoch_loss` must be 1. With": [2 + 3 - 4, 6 + 3 - 10, LOSS],
    "the learning rate 0.5, $W$ must become 3 and $b$ stay 3.": [0.5, *WEIGHTS, *BIASES],
    "from 121 points, $y = \\sin 2x$": [121, 2],
    "explains 17 % of the variance": share("wave.csv"),
    "from 50 cars": 50,
    "explains 65 %": share("stopping_distance.csv"),
    "`hidden = [2]`: one layer": 2,
    "`rate = 0.03`: ten": 0.03,
    "the straight line: 17 % of the variance": share("wave.csv"),
    "With `hidden = [2]` it is": 2,
    "With `rate = 0.03` the loss": 0.03,
}
