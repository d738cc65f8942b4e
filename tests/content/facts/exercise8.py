"""What tests of all exercises need to know of exercise 8."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import torch

COMPARED = 5
SUM_AND_PRODUCT = {"s": ["add", "x", "y"], "L": ["mul", "s", "z"]}
GRAPH = {
    "loss": ["mul", "odd name", "t"],
    "t": ["tanh", "s"],
    "odd name": ["add", "s", "e"],
    "e": ["exp", "x"],
    "s": ["mul", "x", "r"],
    "r": ["relu", "y"],
}


def cases(n: int) -> Iterator[dict[str, tuple[Any, ...]]]:
    """Arguments of every function."""
    generator = torch.Generator().manual_seed(n)
    x, y = torch.randn(2, generator=generator, dtype=torch.float64)
    r = y.relu()
    s, e = x * r, x.exp()
    values = {"x": x, "y": y, "r": r, "s": s, "e": e, "t": s.tanh(), "odd name": s + e, "loss": (s + e) * s.tanh()}
    for operation, pair in (("add", [x, y]), ("mul", [x, x]), ("exp", [x]), ("tanh", [y]), ("relu", [x])):
        yield {
            "evaluate": (operation, pair),
            "local_gradients": (operation, pair),
            "topological_order": (GRAPH, "loss"),
            "forward": (GRAPH, {"x": x, "y": y}, "loss"),
            "backward": (GRAPH, values, "loss"),
        }


def steps(reference: ModuleType, function: str, given: dict[str, Any]) -> dict[str, Any]:
    """The graph of the prose, at the numbers of the example."""
    of = {name: torch.tensor(value).double() for name, value in given.items()}
    if function == "topological_order":
        return {"names of s = x + y": float(len(reference.topological_order(SUM_AND_PRODUCT, "s")))}
    if function == "evaluate":
        return {name: reference.evaluate(name, [of["u"], of["v"]]) for name in ("add", "mul")}
    if function == "local_gradients":
        slopes = reference.local_gradients("mul", [of["u"], of["v"]])
        return {f"mul, {name} a little larger": 0.1 * slope for name, slope in zip("uv", slopes, strict=True)}
    values = reference.forward(SUM_AND_PRODUCT, of, "L")
    if function == "forward":
        return {name: values[name] for name in "sL"}
    slopes = reference.backward(SUM_AND_PRODUCT, values, "L")
    return {f"for {name}": slopes[name] for name in "zsx"}
