"""What tests of all exercises need to know of exercise 6."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

DATA = "line.csv", (50,), (50,)
COMPARED = 0  # it compares steps, not gradients
ARGUMENTS = {
    "momentum_step": ("η", "μ"),
    "rmsprop_step": ("η", "ρ", "ε"),
    "adam_step": ("step", "η", "β₁", "β₂", "ε"),
}
MEMORIES = {"momentum_step": ("v",), "rmsprop_step": ("s",), "adam_step": ("m", "v")}


def cases(n: int) -> Iterator[dict[str, tuple[Any, ...]]]:
    """Arguments of every function."""
    generator = torch.Generator().manual_seed(n)

    def drawn() -> dict[str, Tensor]:
        sizes = {"W": (n, 2), "b": ()}
        return {name: torch.randn(size, generator=generator, dtype=torch.float64) for name, size in sizes.items()}

    place, gradients, first = drawn(), drawn(), drawn()
    squares = {name: value**2 for name, value in drawn().items()}
    yield {
        "momentum_step": (place, gradients, first, 0.1, 0.9),
        "rmsprop_step": (place, gradients, squares, torch.tensor(0.1).double(), 0.9, 1e-8),
        "adam_step": (place, gradients, first, squares, n, 0.1, 0.9, 0.99, 0.5),
        "clip_by_norm": (gradients, {1: 9.0}.get(n, 0.5)),
    }


def answer(reference: ModuleType, function: str, given: dict[str, Any]) -> Any:
    """What a function answers to the inputs of a hint's example."""
    if function == "clip_by_norm":
        gradients = {name: torch.as_tensor(value).double() for name, value in given["gradients"].items()}
        return reference.clip_by_norm(gradients, float(given["max_norm"]))
    dicts = ({"w": torch.as_tensor(given[name]).double()} for name in ("θ", "g", *MEMORIES[function]))
    numbers = (given[name] if name == "step" else float(given[name]) for name in ARGUMENTS[function])
    return getattr(reference, function)(*dicts, *numbers)


def steps(reference: ModuleType, function: str, given: dict[str, Any]) -> dict[str, Any]:
    """The right value of each step of a hint's example, by its label."""
    made = answer(reference, function, given)
    if function == "clip_by_norm":
        norm = sum(value**2 for value in given["gradients"].values()) ** 0.5
        return {"norm": norm, "factor": given["max_norm"] / norm, **made}
    after, *memory = (part["w"] for part in made)
    new = {f"new {name}": value for name, value in zip(MEMORIES[function], memory, strict=True)}
    if function == "rmsprop_step":
        new |= {"usual size": memory[0].sqrt(), "divisor": memory[0].sqrt() + given["ε"]}
    if function == "adam_step":
        fair = zip(("m̂", "v̂"), memory, (given["β₁"], given["β₂"]), strict=True)
        new |= {name: value / (1 - beta ** given["step"]) for name, value, beta in fair}
    return {**new, "new θ": after}
