"""The picture at the end of exercise 1 shows what the exercise does."""

import runpy
from typing import Any

import pytest
from places import KIT

from solutions import module, source


@pytest.fixture(scope="module")
def stability() -> dict[str, Any]:
    return runpy.run_path(str(KIT / "docs" / "pictures" / "drawings" / "exercise1.py"))


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
