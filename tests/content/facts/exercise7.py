"""What tests of all exercises need to know of exercise 7."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import torch

DATA = "digits.csv", (1797, 64), (1797,)
COMPARED = 3


def cases(n: int) -> Iterator[dict[str, tuple[Any, ...]]]:
    """Arguments of every function."""
    generator = torch.Generator().manual_seed(n)
    for size in (1, 1e4):
        Z = size * torch.randn(n, 3, generator=generator, dtype=torch.float64)
        both = Z, torch.randint(0, 3, (n,), generator=generator)
        yield {
            "softmax": (Z,),
            "log_softmax": (Z,),
            "cross_entropy": both,
            "cross_entropy_gradient": both,
            "accuracy": both,
        }


def answer(reference: ModuleType, function: str, given: dict[str, Any]) -> Any:
    """What a function answers to the inputs of a hint's example."""
    Z = torch.as_tensor(given["Z"]).double()
    if "targets" not in given:
        return getattr(reference, function)(Z)
    targets = torch.as_tensor(given["targets"])
    if targets.is_floating_point():  # drawn anew: then any class will do
        targets = torch.zeros(len(Z), dtype=torch.int64)
    return getattr(reference, function)(Z, targets)


def steps(reference: ModuleType, function: str, given: dict[str, Any]) -> dict[str, Any]:
    """The right value of each step of a hint's example, by its label."""
    Z = torch.as_tensor(given["Z"]).double()
    made, targets = answer(reference, function, given), torch.tensor(given.get("targets", [0, 0]))
    if function == "softmax":
        weights = Z.exp()[0]
        return {"weights, row 1": weights, "sum, row 1": weights.sum(), **shares(made)}
    if function == "log_softmax":
        return {
            "ln of the sum": Z[0].logsumexp(0),
            "row 1, class 1": made[0, 1],
            "row 1": made[0],
            "row 2": made[1],
        }
    if function == "cross_entropy":
        return {"losses": -reference.log_softmax(Z)[torch.arange(2), targets], "L": made}
    if function == "cross_entropy_gradient":
        return {"row 1": made[0], "row 2": made[1]}
    best = Z.argmax(1)
    return {"column of the largest": best, "right": (best == targets).sum(), "accuracy": made}


def shares(made: torch.Tensor) -> dict[str, torch.Tensor]:
    """The rows of softmax by their labels."""
    return {"shares, row 1": made[0], "shares, row 2": made[1]}
