"""Tensors and other values on their way to a worker and back."""

import pytest
import torch

from autograder.host.answers import RemoteConstructor, RemoteObject
from autograder.host.tensors import decode, encode
from autograder.model import ForeignValue
from autograder.worker import wire

OBJECT = RemoteObject(-1, "Linear")


@pytest.mark.parametrize(
    "value",
    [None, True, 3, 2.5, "x", [1, (2, {"a": None})], OBJECT, {"x": (OBJECT, 1)}],
    ids=["none", "bool", "int", "float", "text", "containers", "object", "object inside"],
)
def test_what_needs_no_change_has_none(value):
    assert encode(value) == value
    assert decode(value) == value


@pytest.mark.parametrize(
    "tensor",
    [
        torch.tensor([[1.5, -2.0], [0.25, 4.0]]).T,
        torch.tensor(2.0, dtype=torch.float64, requires_grad=True),
        torch.arange(3),
        torch.zeros(2, 0),
    ],
    ids=["transposed", "watched", "integers", "empty"],
)
def test_a_tensor_crosses_with_its_numbers_type_and_shape(tensor):
    (back,) = decode([encode(tensor)])
    assert (back.dtype, back.shape, back.requires_grad) == (tensor.dtype, tensor.shape, False)
    assert torch.equal(back, tensor)


def test_an_object_to_be_made_goes_with_plain_arguments_and_its_number():
    made = RemoteConstructor("loader", ([torch.ones(2)],))
    sent = encode(made)
    assert sent == RemoteConstructor("loader", ([wire.Array("float32", (2,), b"\0\0\x80\x3f" * 2)],), made.number)
    wire.pack(sent)


def test_a_worker_cannot_ask_for_an_object_to_be_made():
    with pytest.raises(wire.ProtocolError):
        decode({"a": [RemoteConstructor("loader", ())]})


def test_other_forms_are_foreign_values_with_their_numbers_where_they_have_some():
    plain, named = decode((wire.Array("int64", (1,), b"\1" + bytes(7), "numpy.ndarray"), wire.Opaque("set")))
    assert (plain.type_name, plain.value.tolist()) == ("numpy.ndarray", [1])
    assert named == ForeignValue("set")
