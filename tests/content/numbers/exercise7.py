"""What exercise 7 says in numbers."""

import math
from typing import Any

import torch

from solutions import solution

SEVEN = solution("exercise7")
ROW = torch.tensor([[0.0, math.log(3)]], dtype=torch.float64)
ROWS, TARGETS = ROW.repeat(2, 1), torch.tensor([1, 0])
Z = torch.tensor([[0.0, 2.0], [3.0, 1.0]])
LOSSES = [SEVEN.cross_entropy(ROW, TARGETS[i : i + 1]) for i in (0, 1)]

SAID: dict[str, Any] = {
    "shares that add up to 1, a loss": 1,
    "as large as 10,000, or −10,000": [10000, -10000],
    "`Z`, which is [[0, 2], [3, 1]]": Z,
    "`Z.sum(dim=1)` | [2, 4]: along each row, which is axis 1": [1, Z.sum(1), 1],
    "`Z.sum(dim=1, keepdim=True)` | [[2], [4]]": [1, Z.sum(1)],
    "`Z.max(dim=1, keepdim=True).values` | [[2], [3]]": [1, Z.amax(1)],
    "`Z.argmax(dim=1)` | [1, 0]": [1, Z.argmax(1)],
    "`Z[torch.arange(2), torch.tensor([0, 1])]` | [0, 1]": [2, 0, 1, Z[[0, 1], [0, 1]]],
    "in row 0 what is in column 0, in row 1 in column 1": [0, 0, 1, 1],
    "`(Z > 1).double()` | [[0, 1], [1, 0]]: true as 1, false as 0": [1, (Z > 1).double(), 1, 0],
    "`RATE = 1.0`: a": 1,
    "`EPOCHS = 60`: three": 60,
    "`RATE = 1.0` the": 1,
    "About 10 % are": 100 / 10,
    "near 2.30, which is $\\ln 10$": [math.log(10), 10],
    "With `EPOCHS = 60` the": 60,
    "## Shares that add up to 1": 1,
    "have the weights 1, 2 and 5": [1, 2, 5],
    "$e^{1000}$ is larger": [],
    "a row, 0 and 1.0986; their weights, 1 and 3; and the shares of the row, 0.25 and 0.75": [
        0,
        math.log(3),
        1,
        3,
        0.25,
        0.75,
    ],
    "is 0 to it, and 0 / 0 is none": [0, 0, 0],
    "no exponent above 0, and one of them 0": [0, 0],
    "logits 0 and $\\ln 3 \\approx 1.0986$. The weights are 1 and 3, so `softmax` must return 0.25 and 0.75": [
        0,
        3,
        math.log(3),
        1,
        3,
        SEVEN.softmax(ROW),
    ],
    "logits 1000 and 1001.0986": [1000, 1000 + math.log(3)],
    "The logits of a row are 0 and −1000": [0, -1000],
    "told from 0, although": 0,
    "logits 0 and −1000 `log_softmax` must return 0 and −1000": [
        0,
        -1000,
        SEVEN.log_softmax(torch.tensor([[0.0, -1000.0]]).double()),
    ],
    "the share 1. Which loss is fair? Another one gives it the share 0.5, a third one 0.001": [1, 0.5, 0.001],
    "For the share 1 it is 0": [1, 0],
    "the share goes to 0": 0,
    "the logits 0 and $\\ln 3$, and the targets are 1 and 0": [0, 3, TARGETS],
    "the shares 0.75 and 0.25, with the losses 0.2877 and 1.3863": [0.75, 0.25, LOSSES],
    "their mean, 0.8370": SEVEN.cross_entropy(ROWS, TARGETS),
    "L = −(1/n)": 1,
    "the shares 0.25 and 0.75, and the second": [0.25, 0.75],
    "a logarithm is 1 over": 1,
    "that has 1 in the right class's column, and 0 elsewhere": [1, 0],
    "$0.125$ and $-0.125$ in the first row, $-0.375$ and $0.375$ in the second": [0.125, -0.125, -0.375, 0.375],
    "Every row adds up to 0": SEVEN.cross_entropy_gradient(ROWS, TARGETS)[0].sum(),
    "the share 0.4, two others 0.3 each": [0.4, 0.3],
    "0.4 for it, and 0.6": [0.4, 0.6],
    "whose targets are 1 and 0, the second": TARGETS,
    "`accuracy` must return 0.5": SEVEN.accuracy(ROWS, TARGETS),
    "holds 1,797 digits": len(SEVEN.load("digits.csv")[0]),
    "of 8 × 8 pixels": [8, 8],
    "on 1,400 of them. The other 397": [SEVEN.TRAINED_ON, 1797 - SEVEN.TRAINED_ON],
}
