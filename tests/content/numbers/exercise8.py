"""What exercise 8 says in numbers."""

from typing import Any

import torch

from solutions import solution

EIGHT = solution("exercise8")
GRAPH = {"s": ["add", "x", "y"], "L": ["mul", "s", "z"]}
PAIR = [torch.tensor(2.0), torch.tensor(5.0)]
LEAVES = {"x": torch.tensor(2.0), "y": torch.tensor(1.0), "z": torch.tensor(-1.0)}
VALUES = EIGHT.forward(GRAPH, LEAVES, "L")
DERIVATIVES = EIGHT.backward(GRAPH, VALUES, "L")
NEXT = EIGHT.evaluate("mul", [torch.tensor(2.1), PAIR[1]])


def differentiated(samples: int, **leaves: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values in exercise 2's loss, and its derivatives by them."""
    given = {name: torch.tensor(value, dtype=torch.float64) for name, value in leaves.items()}
    graph = EIGHT.two_layers(samples)
    values = EIGHT.forward(graph, given, "loss")
    return values, EIGHT.backward(graph, values, "loss")


def drawn(**changed: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values and derivatives of the drawing, where one number at the top of `main` was changed."""
    leaves = {"a1": 2.0, "b1": 1.0, "a2": 3.0, "b2": -1.0, "half": 0.5, "x0": 1.0, "minus_y0": -6.0}
    return differentiated(1, **leaves | changed)


POINTS = {f"x{i}": 2.0 * i + 1 for i in range(5)} | {f"minus_y{i}": -(4.0 * i + 12) for i in range(5)}
_, FIVE = differentiated(5, a1=20.0, b1=30.0, a2=20.0, b2=30.0, half=0.5, **POINTS)
_, FORGETS = drawn(a2=0.0)
MET, MEETS = drawn(minus_y0=-8.0)

SAID: dict[str, Any] = {
    '`graph["s"][1:]`': 1,  # as a slice
    "`relu` of −2, and what is `exp` of 0": [-2, 0],
    "makes 0 of a negative": EIGHT.evaluate("relu", [torch.tensor(-2.0)]),
    "with $e$ = 2.718": EIGHT.evaluate("exp", [torch.tensor(1.0)]),
    "between −1 and 1": [EIGHT.evaluate("tanh", [torch.tensor(sign * 50.0)]) for sign in (-1, 1)],
    "the values [2, 5] must give 10": [PAIR, EIGHT.evaluate("mul", PAIR)],
    "`relu: max(0, v)`": 0,
    "the inputs 2 and 5. The 2 grows by 0.1": [*PAIR, 2, 0.1],
    "It was 10, and is 2.1·5 = 10.5. So it grows by 0.5": [10, 2.1, 5, NEXT, NEXT - 10],
    "$1 - \\tanh^2 v$": 1,
    "at both sides of 0. How fast does it grow at 3, and how fast at −3": [0, 3, -3],
    "the values [2, 5] must give the list [5, 2]": [PAIR, EIGHT.local_gradients("mul", PAIR)],
    "`add: [1, 1]`": EIGHT.local_gradients("add", PAIR),
    "`tanh: [1 − tanh² v]`, `relu: [1 if v > 0 else 0]`": [1, 1, 0, 0],
    "60 forks make more than $10": [60, 10],
    "10,000 nodes long": 10_000,
    "it at 1,000": 1000,  # sys.getrecursionlimit(), as Python starts
    "With x = 2, y = 1 and z = −1": LEAVES,
    "s = 2 + 1 = 3 and L = 3·(−1) = −3": [2, 1, VALUES["s"], 3, -1, VALUES["L"]],
    "must give 3 for `s` and −3 for `L`": [VALUES["s"], VALUES["L"]],
    "of a sum is 1. $L$ moves by −1 times that, for z = −1": [1, DERIVATIVES["s"], LEAVES["z"]],
    "∂L/∂x = 1·(−1) = −1": [1, DERIVATIVES["s"], DERIVATIVES["x"]],
    "begin at the end: ∂L/∂L is 1": DERIVATIVES["L"],
    "must give 1 for `L`, 3 for `z`, and −1 for `s`": [DERIVATIVES[name] for name in "Lzs"],
    "∂L/∂a₁ = 1623400, ∂L/∂b₁ = 261000, ∂L/∂a₂ = 2014900 and ∂L/∂b₂ = 13050": [
        FIVE[name] for name in ("a1", "b1", "a2", "b2")
    ],
    "in the drawing become 0": MEETS["r0"],
    "`a2 = 0.0`: layer two forgets": 0.0,
    "`y = 8.0`: both layers meet": MET["y_pred0"],
    "With `a2 = 0.0`, nothing passes the product: `g0` and all below it get 0. But `a2` itself has −21": [
        0.0,
        FORGETS["g0"],
        FORGETS["a2"],
    ],
    "it is no longer 0": 0,
    "With `y = 8.0`, the residual is 0": [8.0, MET["r0"]],
    "1 for the loss, 0.5 for the square": [MEETS["loss"], MEETS["r0²"]],
}
