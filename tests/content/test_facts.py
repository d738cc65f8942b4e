"""Exercises 6 and 7: their formulas in one plain line come to what the reference gives."""

import math
import re

import pytest
import torch
from places import KIT

from solutions import FUNCTIONS, facts, solution, source

SIGNS = str.maketrans({"·": "*", "−": "-", "²": "**2", "₁": "1", "₂": "2", "ᵗ": "**t"})
NUMBERS = {
    "θ": 5.0,
    "g": 4.0,
    "v": 2.0,
    "s": 8.0,
    "m": 0.7,
    "η": 0.3,
    "μ": 0.6,
    "ρ": 0.8,
    "ε": 0.5,
    "β1": 0.7,
    "β2": 0.9,
}


def test_every_exercise_with_facts_is_there() -> None:
    names = {path.stem for path in (KIT / "tests" / "content" / "facts").glob("*.py")}
    assert names == {name for name in FUNCTIONS if facts(name)}


def lines(name: str) -> list[str]:
    return re.findall(r"^# `([^`]+)`$", source(name), re.MULTILINE)


def worked(line: str, **more: float) -> dict[str, float]:
    """What the formulas of a line leave in each letter; those after "with" come first."""
    known = {**NUMBERS, **more, "root": math.sqrt}
    first, _, with_ = line.partition(", with ")
    for formula in [*with_.split(" and "), *first.split("; ")]:
        if formula:
            letter, right = re.split(r" ← | = ", formula)
            plain = re.sub(r"√(\S\u0302?)", r"root(\1)", right).replace("m̂", "mh").replace("v̂", "vh")
            known[letter.replace("m̂", "mh").replace("v̂", "vh")] = eval(plain.translate(SIGNS), known)
    return known


@pytest.mark.parametrize(("at", "function"), list(enumerate(["momentum_step", "rmsprop_step", "adam_step"])))
def test_a_plain_line_of_exercise6_is_its_function(at: int, function: str) -> None:
    said = worked(lines("exercise6")[at], t=3)
    given = {**NUMBERS, "step": 3, "β₁": 0.7, "β₂": 0.9}
    memory = facts("exercise6").answer(solution("exercise6"), function, given)
    if function == "adam_step":  # whose averages the line takes as they have become
        said = worked(lines("exercise6")[at], t=3, m=float(memory[1]["w"]), v=float(memory[2]["w"]))
    assert said["θ"] == pytest.approx(float(memory[0]["w"]))


def test_the_gradient_of_exercise7_is_that_of_autograd() -> None:
    seven = solution("exercise7")
    (case, _) = facts("exercise7").cases(4)
    Z, targets = case["cross_entropy"]
    leaf = Z.clone().requires_grad_()
    seven.cross_entropy(leaf, targets).backward()
    torch.testing.assert_close(seven.cross_entropy_gradient(Z, targets), leaf.grad)
