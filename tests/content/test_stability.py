"""The lesson at the end of exercise 1 and its picture: every figure is worked out again."""

import re
import runpy
from typing import Any

import numpy as np
import pytest
from places import KIT

from solutions import module, source


def lesson() -> str:
    text = source("exercise1").partition("# ## Why these learning rates work\n")[2]
    return re.sub(r"\n# *", " ", text).replace("**", "")


@pytest.fixture(scope="module")
def stability() -> dict[str, Any]:
    return runpy.run_path(str(KIT / "docs" / "pictures" / "drawings" / "exercise1.py"))


@pytest.mark.parametrize("batch_size", [5, 10])
def test_the_lesson_has_the_factors_right(stability: dict[str, Any], batch_size: int) -> None:
    factors = stability["_factors"](batch_size)
    printed = ", ".join(f"{factor:.2f}" for factor in factors).replace("-", "−")
    product = f"{np.prod(factors):.2g}".replace("-", "−")
    assert re.search(rf"{re.escape(printed)}; their product: {product}\.", lesson())


def test_the_lesson_has_the_limit_right(stability: dict[str, Any]) -> None:
    design = np.column_stack([stability["X"], np.ones(50)])
    limit = 2 / np.linalg.eigvalsh(design.T @ design)[-1]
    assert f"is {limit:.6f}, an eighth of the rate" in lesson()
    assert stability["RATES"][0] / limit == pytest.approx(8, abs=0.5)


@pytest.mark.parametrize("batch_size", [5, 10])
def test_the_picture_shows_exercise_1s_losses(stability: dict[str, Any], batch_size: int) -> None:
    one = module("exercise1", source("exercise1"), KIT / "solutions" / "exercise1.py")
    x, y = one.load("line.csv")
    parameters, expected = one.scalars(a=20.0, b=30.0), []
    for _ in range(stability["EPOCHS"]):
        parameters, loss = one.train_epoch(parameters, x, y, {"a": 1e-4, "b": 1e-3}, batch_size)
        expected.append(float(loss))
    assert stability["_losses"](batch_size) == pytest.approx(expected, rel=1e-6)
    assert (expected[-1] > expected[0]) == (batch_size == 10)
