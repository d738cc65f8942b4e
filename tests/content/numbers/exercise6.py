"""What exercise 6 says in numbers."""

from typing import Any

import torch

from solutions import solution

SIX = solution("exercise6")


def one(value: float) -> dict[str, torch.Tensor]:
    return {"w": torch.tensor(value, dtype=torch.float64)}


MOMENTUM = SIX.momentum_step(one(5), one(4), one(2), 0.1, 0.5)
RMSPROP = SIX.rmsprop_step(one(5), one(4), one(8), 0.9, 0.875, 0.5)
ADAM = SIX.adam_step(one(5), one(4), one(0), one(0), 1, 0.9, 0.5, 0.75, 0.5)
D = {"a": torch.tensor(4.0), "b": torch.tensor(9.0)}
PAIR = {"a": torch.tensor(6.0), "b": torch.tensor(8.0)}

SAID: dict[str, Any] = {
    "four steps are 10, −9, 10, −9": [10, -9, 10, -9],
    "if all four were 2": 2,
    "and at first it is 0": 0,
    "Let $\\theta = 5$, $g = 4$, $v = 2$, $\\eta = 0.1$ and $\\mu = 0.5$": [5, 4, 2, 0.1, 0.5],
    "0.5 · 2 + 4 = 5": [0.5, 2, 4, MOMENTUM[1]],
    "the parameter 5 − 0.1 · 5 = 4.5 and the velocity 5": [5, 0.1, 5, *(part["w"] for part in MOMENTUM)],
    "With $\\mu = 0$ there": 0,
    "near 1000, another near 0.001. Both should move by about 0.1": [1000, 0.001, 0.1],
    "so that about ±1 is left": 1,
    "the rest, $1 - \\rho$. Both shares together are 1": [1, 1],
    "gradients were 0": 0,
    "Let $\\theta = 5$, $g = 4$, $s = 8$, $\\eta = 0.9$, $\\rho = 0.875$ and $\\varepsilon = 0.5$": [
        5,
        4,
        8,
        0.9,
        0.875,
        0.5,
    ],
    "0.875 · 8 + 0.125 · 16 = 9, so the usual size is 3": [0.875, 8, 0.125, 16, RMSPROP[1], 3],
    "5 − 0.9 · 4 / (3 + 0.5) = 3.97, rounded, and the square 9": [5, 0.9, 4, 3, 0.5, *(p["w"] for p in RMSPROP)],
    "begins at 0 and keeps 0.9 of itself at each step. All gradients are 10": [0, 0.9, 10],
    "divide to get 10": 10,
    "only $1 - \\beta_1$": 1,
    "As both begin at 0": 0,
    "gradients that are all 10. As it is, it begins near 0 and rises slowly towards 10. Divided, it is 10 from": [
        10,
        0,
        10,
        10,
    ],
    "The 0 from the beginning": 0,
    "Let $\\theta = 5$, $g = 4$, $m = v = 0$, `step` = 1, $\\eta = 0.9$, $\\beta_1 = 0.5$, $\\beta_2 = 0.75$ and "
    "$\\varepsilon = 0.5$": [5, 4, 0, 1, 0.9, 0.5, 0.75, 0.5],
    "$m$ = 0.5 · 4 = 2 and $v$ = 0.25 · 16 = 4": [0.5, 4, ADAM[1], 0.25, 16, ADAM[2]],
    "1 − 0.5 = 0.5 and 1 − 0.75 = 0.25": [1, 0.5, 0.5, 1, 0.75, 0.25],
    "$\\hat{m}$ = 2 / 0.5 = 4 and $\\hat{v}$ = 4 / 0.25 = 16": [2, 0.5, 4, 4, 0.25, 16],
    "5 − 0.9 · 4 / (4 + 0.5) = 4.2, with 2 and 4 behind it": [5, 0.9, 4, 4, 0.5, *(part["w"] for part in ADAM)],
    "m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ)": [1, 1],
    "s ← ρ·s + (1 − ρ)·g²": 1,
    "Two gradients are 6 and 8": [6, 8],
    "The gradients 6 and 8 and `max_norm` = 5 must give 3 and 4": [6, 8, 5, SIX.clip_by_norm(PAIR, 5.0)],
    "With `max_norm` = 20 they must stay 6 and 8": [20, SIX.clip_by_norm(PAIR, 20.0)],
    '`d`, which is {"a": 4, "b": 9}, each': D,
    '`{name: 2 * value for name, value in d.items()}` | {"a": 8, "b": 18}': [2, {k: 2 * v for k, v in D.items()}],
    '`torch.sqrt(d["b"])` | 3': D["b"].sqrt(),
    '`d["a"] ** 2` | 16, a power': [2, 16],
    "| [4, 9], one": torch.stack([D["a"], D["b"]]),
    '`torch.clamp(d["b"], max=5)` | 5': [5, torch.clamp(D["b"], max=5)],
    "`faster = 10`: all learning rates times 10.": [10, 10],
    "`epsilon = 1e6`: what": 1e6,
    "With `faster = 10`, plain": 10,
    "gradients are nearly 0, and": 0,
    "With `epsilon = 1e6` all": 1e6,
    "g ← g · min(1, c/N)": 1,
    "on the points of $y = 2x + 10$": [2, 10],
    "$a_1 a_2 = 2$": 2,
    "from intercepts of 0": 0,
}
