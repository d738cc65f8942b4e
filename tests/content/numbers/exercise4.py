"""What exercise 4 says in numbers, worked out by its own functions on the net that is drawn."""

from typing import Any

import numpy as np
import torch
from places import DATASETS

from solutions import solution

FOUR = solution("exercise4")
PATIENTS = np.loadtxt(DATASETS / "diabetes.csv", delimiter=",", skiprows=1)
FACTORS, TARGET = np.column_stack([PATIENTS[:, :10], np.ones(len(PATIENTS))]), PATIENTS[:, 10]
LEFT = TARGET - FACTORS @ np.linalg.lstsq(FACTORS, TARGET)[0]


def tensor(values: list[Any]) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


X, Y = tensor([[1, 2], [3, 2]]), tensor([[3], [4]])
W1, W2, B1, B2 = tensor([[1, 2], [3, -1]]), tensor([[2, -1]]), tensor([-2, 1]), tensor([1])
_, A1, Y_PRED = FOUR.forward([W1, W2], [B1, B2], X)
LOSS, END = FOUR.loss(Y_PRED, Y), FOUR.output_delta(Y_PRED, Y)
MIDDLE = FOUR.propagate_delta(END, W2)
START = FOUR.propagate_delta(MIDDLE, W1)
(GRAD_W1, GRAD_W2), (GRAD_B1, GRAD_B2) = FOUR.backward([W1, W2], [X, A1, Y_PRED], Y)
NUDGED = FOUR.forward([W1 + tensor([[0, 0], [0.001, 0]])], [B1], X)[1]  # w, from 3 to 3.001


def shares(k: int, j: int) -> list[Any]:
    """A row of the table: the products of both samples and, but for the last row, their sum."""
    row = [j, k, *(factor for i in (0, 1) for factor in (MIDDLE[i, k - 1], X[i, j - 1]))]
    return row if (k, j) == (2, 2) else [*row, GRAD_W1[k - 1, j - 1]]


def runaway() -> list[torch.Tensor]:
    """The losses of six epochs with all patients at once and a rate that is too large."""
    X, Y = (FOUR.standardise(columns) for columns in FOUR.load("diabetes.csv"))
    weights, biases = FOUR.start([10, 5, 3, 1], seed=0)
    found = []
    for _ in range(6):
        weights, biases, each = FOUR.train_epoch(weights, biases, X, Y, 0.01, len(X))
        found.append(each)
    assert found[5].isnan()
    return found[:5]


def epoch() -> dict[str, Any]:
    """The epoch on paper: what batch 1 makes of the layer, and the losses."""
    start, points = ([tensor([[1]])], [tensor([0])]), (tensor([[1], [2]]), tensor([[0], [2]]))
    weights, biases, first = FOUR.train_epoch(*start, points[0][:1], points[1][:1], 0.5, 1)
    delta = FOUR.forward(weights, biases, points[0][1:])[1] - points[1][1:]
    *_, second = FOUR.train_epoch(weights, biases, points[0][1:], points[1][1:], 0.5, 1)
    *end, both = FOUR.train_epoch(*start, *points, 0.5, 1)
    return {"first": first, "W": weights[0], "b": biases[0], "delta": delta, "second": second, "both": both, "end": end}


A = tensor([[1, 2], [3, 4]])
EPOCH = epoch()
NET = [W1, B1, W2, B2]

SAID: dict[str, Any] = {
    "layers $1, \\dots, m$": 1,
    "for $l = m, \\dots, 1$": 1,
    "So layer $l$ has `weights[l-1]`; its input is `activations[l-1]`": [1, 1],
    "counts a list from 0": 0,
    "`A`, which is [[1, 2], [3, 4]]": A,
    "`A.T` | [[1, 3], [2, 4]]": A.T,
    "`A @ A` | [[7, 10], [15, 22]]": A @ A,
    "`A * A` | [[1, 4], [9, 16]]": A * A,
    "`A.sum(dim=0)` | [4, 6]: down each column, which is *axis* 0": [0, A.sum(dim=0), 0],
    "`A.sum()` | 10": A.sum(),
    "`A + A[0]` | [[2, 4], [4, 6]]": [0, A + A[0]],
    "`A[0:1]` | [[1, 2]]: the rows from 0, without 1": [0, 1, A[0:1], 0, 1],
    "A net: inputs 1 and 2, outputs 3 and 2, the prediction 5, the loss 2": [
        *(X[0], A1[0], Y_PRED[0]),
        FOUR.loss(Y_PRED[:1], Y[:1]),
    ],
    "The weight w = 3 leads from input 1 to output 2": [W1[1, 0], 1, 2],
    "$W_1$ = [[1, 2], [3, −1]], $b_1$ = [−2, 1], $W_2$ = [[2, −1]], $b_2$ = [1]": NET,
    "For the sample [1, 2], output 2 of layer 1 is 3·1 − 1·2 + 1 = 2": [
        *(X[0], 2, 1),
        *(W1[1, 0], X[0, 0], -W1[1, 1], X[0, 1], B1[1], A1[0, 1]),
    ],
    "comes out for the sample [3, 2]?": X[1],
    "for $X$ = [[1, 2], [3, 2]], `forward` must return $X$, [[3, 2], [5, 8]] and [[5], [3]]": [X, A1, Y_PRED],
    "for the predictions [[5], [3]] and the truth [[3], [4]]": [Y_PRED, Y],
    "The residuals are 2 and −1, and `loss` must return 2.5": [Y_PRED - Y, LOSS],
    "from 5 to 5.001. Half its squared residual goes from 2 to 2.002: the derivative is 2": [
        *(Y_PRED[0], Y_PRED[0] + 0.001),
        *(FOUR.loss(Y_PRED[:1], Y[:1]), FOUR.loss(Y_PRED[:1] + 0.001, Y[:1]), END[0]),
    ],
    "the second prediction, 3, whose truth is 4": [Y_PRED[1], Y[1]],
    "must return [[2], [−1]]": END,
    "from 3 to 3.001. Sample 1 has the input 1, so its output 2 goes from 2 to 2.001": [
        *(W1[1, 0], W1[1, 0] + 0.001, 1, X[0, 0], 2),
        *(A1[0, 1], NUDGED[0, 1]),
    ],
    "output 2 of sample 2 move, whose input is 3": [2, 2, X[1, 0]],
    "Say $\\delta$ = [[4, −2], [−2, 1]], a row": MIDDLE,
    "sample 1 adds −2·1 = −2": [1, MIDDLE[0, 1], X[0, 0], MIDDLE[0, 1] * X[0, 0]],
    "sample 2 adds 1·3 = 3. Together that is 1": [
        *(2, MIDDLE[1, 1], X[1, 0], MIDDLE[1, 1] * X[1, 0]),
        GRAD_W1[1, 0],
    ],
    "that $\\delta$ and $A$ = [[1, 2], [3, 2]]": X,
    "| weight | sample 1 | sample 2 |": [1, 2],
    "| 1 to 1 | 4·1 | −2·3 | −2 |": shares(1, 1),
    "| 2 to 1 | 4·2 | −2·2 | 4 |": shares(1, 2),
    "| 1 to 2 | −2·1 | 1·3 | 1 |": shares(2, 1),
    "| 2 to 2 | −2·2 | 1·2 | ? |": shares(2, 2),
    "multiplied with 1: output 1 has 4 − 2 = 2. And output 2?": [1, 1, MIDDLE[0, 0], -MIDDLE[1, 0], GRAD_B1[0], 2],
    "must return [[−2, 4], [1, −2]] and [2, −1].": [GRAD_W1, GRAD_B1],
    "How did [4, −2] come about": MIDDLE[0],
    "δ at the end was 2, and the weights were [2, −1]. So 2·2 = 4": [
        *(END[0], W2),
        *(END[0], W2[0, 0], MIDDLE[0, 0]),
    ],
    "And the −2?": MIDDLE[0, 1],
    "In layer 1, input 1 of sample 1 has 4·1 and −2·3, together −2. And input 2?": [
        *(1, 1, 1),
        *(MIDDLE[0, 0], W1[0, 0], MIDDLE[0, 1], W1[1, 0], START[0, 0], 2),
    ],
    "must return [[−2, 10], [1, −5]]": START,
    "What must layer 2 hand back before layer 1 can begin": [2, 1],
    "$W_2$ has the gradient [[1, −4]] and $b_2$ has [1]; those of layer 1": [GRAD_W2, GRAD_B2, 1],
    "$w = 3$ has the gradient 1": [W1[1, 0], GRAD_W1[1, 0]],
    "a step with the rate 0.1 lead? And from 2, with the gradient 4?": [0.1, W1[0, 1], GRAD_W1[0, 1]],
    "must become 2.9 and 1.6.": [W1[1, 0] - 0.1 * GRAD_W1[1, 0], W1[0, 1] - 0.1 * GRAD_W1[0, 1]],
    "W = [[1]], b = [0]; the points (1, 0) and (2, 2); batches of one; rate 0.5. Batch 1": [1, 0, 1, 0, 2, 2, 0.5, 1],
    "δ = 1 and the loss 0.5, so W becomes [[0.5]] and b [−0.5]": [1, EPOCH["first"], EPOCH["W"], EPOCH["b"]],
    "δ and the loss of batch 2": 2,
    "they are −1.5 and 1.125. So `train_epoch` must return [[2]], [0.25] and the loss 1.625": [
        *(EPOCH["delta"], EPOCH["second"], EPOCH["end"], EPOCH["both"])
    ],
    "three layers learn from 442 patients": len(PATIENTS),
    "explains 52 % of it": 100 * (1 - LEFT.var() / TARGET.var()),
    "`rate = 0.01` and `batch_size = 442`": [0.01, len(PATIENTS)],
    "about 270, 619, 4,982,869, 1.8e+28 and 3.4e+136": runaway(),
    "`widths = [10, 1]`: one": [10, 1],
    "With `widths = [10, 1]` the 52 % stay": [10, 1, 100 * (1 - LEFT.var() / TARGET.var())],
    "of the 52 %?": 100 * (1 - LEFT.var() / TARGET.var()),
}
