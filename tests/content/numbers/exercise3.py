"""What exercise 3 says in numbers."""

from typing import Any

import numpy as np
import torch
from places import DATASETS
from torch import nn

from solutions import solution

THREE = solution("exercise3")
MODEL = THREE.build_model()
LINEAR = [MODEL[0].in_features, MODEL[0].out_features]
NOISY = np.loadtxt(DATASETS / "line_noisy.csv", delimiter=",", skiprows=1)
START = {"a1": 2, "b1": 1, "a2": 3, "b2": -1}
X, Y = torch.tensor([1.0, 2.0]), torch.tensor([7.0, 12.0])
G = START["a1"] * X + START["b1"]
Y_PRED = START["a2"] * G + START["b2"]
OF = THREE.autograd_gradients({name: torch.tensor(float(value)) for name, value in START.items()}, X, Y)
SHAPES = [x.shape for x, _ in THREE.make_loader(torch.arange(3), torch.arange(3), 2)]
RESIDUALS = torch.tensor([1.0, 2.0, 0.0, 1.0])
EPOCHS, BATCHES = 3, len(THREE.make_loader(torch.arange(5), torch.arange(5), 2))


def epoch() -> dict[str, float]:
    """The epoch on paper: what batch 1 makes of the layer, and the losses."""
    layer = nn.Linear(1, 1)
    with torch.no_grad():
        layer.weight.fill_(1)
        layer.bias.fill_(0)
    descent = torch.optim.SGD(layer.parameters(), lr=0.25)
    first, second = THREE.make_loader(torch.tensor([1.0, 2.0]), torch.tensor([0.0, 2.0]), 1)
    found = {"first y_pred": layer(first[0]).item()}
    found["first loss"] = THREE.train_epoch(layer, [first], nn.MSELoss(), descent)
    found |= {"slope": layer.weight.grad.item(), "weight": layer.weight.item(), "bias": layer.bias.item()}
    assert layer.weight.grad == layer.bias.grad
    found["second y_pred"] = layer(second[0]).item()
    found["second loss"] = THREE.train_epoch(layer, [second], nn.MSELoss(), descent)
    return found


EPOCH = epoch()

SAID: dict[str, Any] = {
    "`x.unsqueeze(1)` | a column: `(n,)` becomes `(n, 1)`": [1, SHAPES[0][1]],
    "`SGD(…, lr=0.1)` | an optimizer with the learning rate 0.1": [0.1, 0.1],
    "Nudge $w$ from 3 to 3.001": [3, 3 + 0.001],
    "The derivative is 6. Asked for once more it is 12": [2 * 3, 2 * (2 * 3)],
    "The copy has 6, and the original keeps its 12": [2 * 3, 2 * (2 * 3)],
    "a₁ = 2, b₁ = 1, a₂ = 3, b₂ = −1": START,
    "x = [1, 2] and y = [7, 12]": [X, Y],
    "Then g = [3, 5], ŷ = [8, 14] and r = [1, 2]": [G, Y_PRED, Y_PRED - Y],
    "must return 15 for a₁, 9 for b₁, 13 for a₂ and 3 for b₂": [OF[name] for name in START],
    "`nn.Linear(1, 1)` is one layer": LINEAR,
    "4 numbers for a line, which needs 2": [sum(each.numel() for each in MODEL.parameters()), 2],
    "`nn.Linear(1, 1)` wants one row a sample": LINEAR,
    "shape `(batch, 1)`": SHAPES[0][1],
    "`unsqueeze(1)` turns `(n,)` into `(n, 1)`": [1, SHAPES[0][1]],
    "the mean of their squares 0?": 0,
    "meant, and are 0.": 0,
    "9 residuals, and a mean of 1.3333": [3 * 3, sum((i - j) ** 2 for i in range(3) for j in range(3)) / 9],
    "There are 3, of one sample each": 3,
    "$x$ has the shapes (2, 1) and (1, 1)": [list(shape) for shape in SHAPES],
    "float32 → (n, 1)": 1,
    "Residuals of 1 and 2: what is their MSE": [1, 2],
    "a step with the rate 0.1 lead the copy from above, which is 3 with the derivative 6": [0.1, 3, 2 * 3],
    "The mean is 2.5, the step leads to 2.4, and the 6 stays": [(1**2 + 2**2) / 2, 3 - 0.1 * 6, 6],
    "weight 1 and bias 0; the points (1, 0) and (2, 2); batches of one; SGD with the rate 0.25": [
        1,
        0,
        1,
        0,
        2,
        2,
        0.25,
    ],
    "Batch 1: ŷ = 1, loss 1, both derivatives 2": [1, EPOCH["first y_pred"], EPOCH["first loss"], EPOCH["slope"]],
    "the weight becomes 0.5 and the bias −0.5": [EPOCH["weight"], EPOCH["bias"]],
    "Batch 2: ŷ = 0.5, loss 2.25. So `train_epoch` must return 1.625": [
        2,
        EPOCH["second y_pred"],
        EPOCH["second loss"],
        (EPOCH["first loss"] + EPOCH["second loss"]) / 2,
    ],
    "Residuals of 1, 2, 0 and 1": RESIDUALS,
    "9 steps, and 3 numbers": [EPOCHS * BATCHES, EPOCHS],
    "$L$ is 3 and MSE is 1.5": [(RESIDUALS**2).sum() / 2, (RESIDUALS**2).mean()],
    "`MSE = 2/n · L`": 2,
    "With batches of five, gradients are 0.4 times": 2 / 5,
    "the rate 0.00025 takes the same steps as 0.0001 there": [1e-4 / (2 / 5), 1e-4],
    "points that scatter around $y = 2x + 10$": [2, 10],
    "an intercept of 10": 10,
    "on *these* 50 points": len(NOISY),
    "$y = 2.010x + 12.501$": np.polyfit(*NOISY.T, 1),
    "fall to 0: what remains is the noise": 0,
    "`rate = 0.1`, ten times": 0.1,
    "`batch_size = 50`": 50,
    "With `rate = 0.1`, the first epoch ends better than with 0.01": [0.1, 0.01],
    "Each step is about 0.1 long": 0.1,
    "With `batch_size = 50` there are 400 steps, not 4,000": [50, 400 * (len(NOISY) // 50), 400 * (len(NOISY) // 5)],
}
