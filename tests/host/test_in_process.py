"""The reference's functions in the grader itself: called and probed as a worker's are."""

from types import ModuleType
from typing import Any

import pytest
import torch
from torch import nn

from autograder.host.answers import CALL, RemoteConstructor, RemoteObject, Returned
from autograder.host.in_process import ReferenceFunctions

MODEL = RemoteConstructor("model", ([1, 1], [torch.tensor([[2.0]]), torch.tensor([0.5])]))


@pytest.fixture
def functions() -> ReferenceFunctions:
    module = ModuleType("reference")

    def add_one(x: torch.Tensor) -> torch.Tensor:
        return x.add_(1)

    def pair(model: nn.Module) -> tuple[Any, int]:
        return model, 3

    vars(module).update(add_one=add_one, pair=pair, constant=3)
    return ReferenceFunctions(module)


def test_only_what_can_be_called_is_named(functions):
    assert {"add_one", "pair"} <= set(functions.names)
    assert "constant" not in functions.names


def test_each_call_has_copies_of_the_arguments(functions):
    x = torch.zeros(())
    assert functions.call("add_one", [x], twice=True) == Returned(torch.tensor(1.0), again=Returned(torch.tensor(1.0)))
    assert functions.call("add_one", [x]).again is None
    assert float(x) == 0


def test_objects_are_made_kept_and_read(functions):
    kept, number = functions.call("pair", [MODEL]).value
    assert (kept, number) == (RemoteObject(MODEL.number, "Sequential"), 3)
    assert [value.tolist() for value in functions.probe("parameters", kept)] == [[[2.0]], [0.5]]
    functions.call("add_one", [torch.zeros(())])
    with pytest.raises(KeyError):
        functions.probe("parameters", kept)


def test_what_a_function_raises_is_raised(functions):
    with pytest.raises(AttributeError):
        functions.call("missing", [])


def test_a_reader_may_have_a_function_called_once_more(functions):
    x = torch.zeros(())
    assert float(functions.probe(CALL, "add_one", x)) == 1
    assert float(x) == 0
