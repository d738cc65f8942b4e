"""What exercise 8 says in numbers."""

from typing import Any

import torch

from solutions import solution

EIGHT = solution("exercise8")
GRAPH = {"s": ["add", "x", "y"], "L": ["mul", "s", "z"]}
PAIR = [torch.tensor(2.0), torch.tensor(5.0)]
LEAVES = {"x": torch.tensor(2.0), "y": torch.tensor(1.0), "z": torch.tensor(-1.0)}
VALUES = EIGHT.forward(GRAPH, LEAVES, "L")
GRADIENTS = EIGHT.backward(GRAPH, VALUES, "L")
NEXT = EIGHT.evaluate("mul", [torch.tensor(2.1), PAIR[1]])

SAID: dict[str, Any] = {
    "`relu` of $-2$, and what is `exp` of 0": [-2, 0],
    "makes 0 of a negative": EIGHT.evaluate("relu", [torch.tensor(-2.0)]),
    "between $-1$ and 1": [EIGHT.evaluate("tanh", [torch.tensor(sign * 50.0)]) for sign in (-1, 1)],
    '`evaluate("mul", [2, 5])` is 10': [*PAIR, EIGHT.evaluate("mul", PAIR)],
    "`relu: max(0, v)`": 0,
    "the inputs 2 and 5. The 2 grows by 0.1": [*PAIR, 2, 0.1],
    "It was 10, and is $2.1 \\cdot 5 = 10.5$. So it grows by 0.5": [10, 2.1, 5, NEXT, NEXT - 10],
    "$1 - \\tanh^2 v$": 1,
    "at both sides of 0: how fast does it grow at $v = 3$, and how fast at $v = -3$": [0, 3, -3],
    '`local_gradients("mul", [2, 5])` is `[5, 2]`': [*PAIR, *EIGHT.local_gradients("mul", PAIR)],
    "`add: [1, 1]`": EIGHT.local_gradients("add", PAIR),
    "`tanh: [1 − tanh² v]`, `relu: [1 if v > 0 else 0]`": [1, 1, 0, 0],
    "60 forks make more than $10": [60, 10],
    "10,000 nodes long": 10_000,
    "stops it at 1,000": 1000,  # sys.getrecursionlimit(), as Python starts
    "With $x = 2$, $y = 1$ and $z = -1$": LEAVES,
    "$s = 2 + 1 = 3$ and $L = 3 \\cdot (-1) = -3$": [2, 1, VALUES["s"], 3, -1, VALUES["L"]],
    "has 3 for `s` and $-3$ for `L`": [VALUES["s"], VALUES["L"]],
    "the slope of a sum is 1. $L$ changes by $-1$ times that, for $z = -1$": [1, GRADIENTS["s"], LEAVES["z"]],
    "begin at the end. $\\partial L / \\partial L$ is 1": GRADIENTS["L"],
    "has 1 for `L`, 3 for `z` and $-1$ for `s`": [GRADIENTS[name] for name in "Lzs"],
}
