"""What is written down as JSON is the same when it is read."""

import json
import math
from typing import Any

import pytest
import torch

from autograder.grading.comparing import as_float, terms
from autograder.grading.json_values import SHORT, read_value, written
from autograder.host.answers import RemoteConstructor


def there_and_back(value: Any) -> Any:
    return read_value(json.loads(json.dumps(written(value))))


@pytest.mark.parametrize(
    "value",
    [
        torch.tensor([[1 / 3, -0.0], [1e-310, 1e308]], dtype=torch.float64),
        torch.tensor([1 / 3, 2.5e-8], dtype=torch.float32),
        torch.tensor([2**53 + 1, -7]),
        torch.tensor([True, False]),
        torch.zeros(0, 3),
        torch.tensor(0.1),
        torch.tensor([math.inf, -math.inf]),
    ],
    ids=str,
)
def test_a_tensor(value: torch.Tensor) -> None:
    found = there_and_back(value)
    assert (found.dtype, found.shape) == (value.dtype, value.shape)
    assert torch.equal(found, value)


def test_what_is_no_number() -> None:
    assert there_and_back(torch.tensor([math.nan, 1.0])).isnan().tolist() == [True, False]
    assert math.isnan(there_and_back(math.nan))


@pytest.mark.parametrize("value", [0.1, 3, True, None, "SGD", [], (), {}, [1, (2, {"tensor": [3.5]})], {"a": ["b"]}])
def test_plain_values_and_containers(value: object) -> None:
    found = there_and_back(value)
    assert found == value
    assert type(found) is type(value)


def test_an_object_that_occurs_twice_is_one_object() -> None:
    model = RemoteConstructor("model", ([1, 1], [torch.ones(1)]))
    first, (second, other) = there_and_back((model, [RemoteConstructor("optimizer", (model, "SGD", 0.1)), model]))
    assert first is other
    assert second.arguments[0] is first
    assert (first.probe, first.arguments[0], first.arguments[1][0].tolist()) == ("model", [1, 1], [1])


def test_its_number_hangs_on_nothing_else() -> None:
    one, other = (RemoteConstructor("criterion", ("MSELoss", "mean")) for _ in range(2))
    assert one.number != other.number
    assert written(one) == written(other)


def test_an_expected_value_keeps_all_digits_and_its_scale_some() -> None:
    value = torch.tensor([1 / 3, 2 / 7], dtype=torch.float64)
    found = there_and_back(terms(value, -value / 9))
    assert torch.equal(found.value, value - value / 9)
    assert found.scale.tolist() == pytest.approx((value + value / 9).tolist(), rel=1e-9)
    assert found.usual is torch.Tensor
    assert there_and_back({"loss": as_float(terms(value[0]))})["loss"].usual is float


def test_fewer_digits_where_they_are_asked_for() -> None:
    assert written(torch.tensor([1 / 3, 4], dtype=torch.float64), SHORT)["items"] == [0.33333333333, 4]
    assert written(torch.tensor([2**53 - 1]), SHORT)["items"] == [2**53 - 1]
