"""What exercise 3 says in numbers."""

from typing import Any

import numpy as np
import torch
from places import DATASETS

from solutions import solution

THREE = solution("exercise3")
LAYER = THREE.build_model()[0]
NOISY = np.loadtxt(DATASETS / "line_noisy.csv", delimiter=",", skiprows=1)
BATCHES = list(THREE.make_loader(torch.arange(7), torch.arange(7), 3))

SAID: dict[str, Any] = {
    "`nn.Linear(1, 1)` is one layer": [LAYER.in_features, LAYER.out_features],
    "`nn.Linear(1, 1)` wants one row a sample": [LAYER.in_features, LAYER.out_features],
    "shape `(batch, 1)`": BATCHES[0][0].shape[1],
    "`(n, 1)` minus `(n,)`": 1,
    "With batches of five, the gradients are 0.4 times": 2 / 5,
    "with the rate 0.0001 there takes the same steps with 0.00025 here": [1e-4, 1e-4 / (2 / 5)],
    "points that scatter around $y = 2x + 10$": [2, 10],
    "an intercept of 10": 10,
    "on *these* 50 points": len(NOISY),
    "$y = 2.010x + 12.501$": np.polyfit(*NOISY.T, 1),
    "fall to 0: what remains is the noise": 0,
    "on another 50": len(NOISY),
    # The standard error of the intercept, for noise of 20.
    "easily by 5": int(20 * np.sqrt(1 / 50 + NOISY[:, 0].mean() ** 2 / NOISY[:, 0].var() / 50)),
}
