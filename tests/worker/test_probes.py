"""Objects that stay in the worker: made and read as they are, whatever a student's class says of itself."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from autograder.worker.probes import MAX_BATCHES, PROBES, Objects, watch_optimizers
from autograder.worker.values import to_wire
from autograder.worker.wire import RemoteConstructor, RemoteObject

VALUES = [torch.tensor([[2.0]]), torch.tensor([0.5])]


@pytest.fixture
def objects() -> Iterator[Objects]:
    kept = Objects()
    watch_optimizers()
    yield kept
    kept.forget()


def linear() -> nn.Sequential:
    """The model y = 2x + 0.5."""
    built: nn.Sequential = PROBES["model"]([1, 1], VALUES)
    return built


def stepped(model: nn.Module) -> None:
    """Have an optimizer step against gradients of ones."""
    optimizer = PROBES["optimizer"](model, "SGD", 0.25)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()


class Liar(nn.Linear):
    """A layer whose own methods tell nothing true."""

    def parameters(self, recurse: bool = True) -> Iterator[Any]:
        return iter([nn.Parameter(torch.zeros(3))])

    def children(self) -> Iterator[Any]:
        return iter([])


class TestObjects:
    @pytest.mark.parametrize("value", [linear(), DataLoader([1]), torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=1)])
    def test_an_object_is_kept_under_one_number_until_the_next_call(self, objects, value):
        kept = objects.keep(value)
        assert kept == objects.keep(value) == RemoteObject(-1, type(value).__name__)
        assert objects.find(kept) is value
        objects.forget()
        with pytest.raises(KeyError):
            objects.find(kept)

    @pytest.mark.parametrize("value", [1, torch.ones(1), nn.ParameterDict(), nn.ParameterList(), nn.Linear])
    def test_anything_else_is_not(self, objects, value):
        assert objects.keep(value) is None

    def test_what_is_to_be_made_is_made_once(self, objects):
        model = RemoteConstructor("model", ([1, 1], [to_wire(value) for value in VALUES]))
        optimizer = RemoteConstructor("optimizer", (model, "SGD", 0.5))
        made = objects.find(optimizer)
        assert objects.find(optimizer) is made
        assert made.param_groups[0]["params"][0] is next(objects.find(model).parameters())

    def test_a_number_that_nobody_gave_out_is_a_stranger(self, objects):
        with pytest.raises(KeyError):
            objects.find(RemoteObject(7, "Linear"))


class TestReading:
    def test_parameters_are_copies_of_all_of_them(self):
        model = linear()
        first = PROBES["parameters"](model)
        first[0].zero_()
        assert [value.tolist() for value in PROBES["parameters"](model)] == [[[2.0]], [0.5]]

    def test_a_layer_that_lies_is_read_as_it_is(self):
        liar = Liar(2, 3)
        assert [value.shape for value in PROBES["parameters"](liar)] == [(3, 2), (3,)]
        assert PROBES["layers"](nn.Sequential(liar, nn.ReLU())) == [("Linear", 2, 3, True), ("ReLU", 0, 0, False)]
        assert PROBES["layers"](liar) == []

    @pytest.mark.usefixtures("objects")
    def test_the_start_is_what_was_there_before_the_first_step(self):
        model = linear()
        stepped(model)
        stepped(model)
        assert [value.tolist() for value in PROBES["starting_parameters"](model)] == [[[2.0]], [0.5]]
        assert [value.tolist() for value in PROBES["parameters"](model)] == [[[1.5]], [0.0]]
        copied = PROBES["model"]([1, 1], PROBES["parameters"](model))
        assert [value.tolist() for value in PROBES["starting_parameters"](copied)] == [[[2.0]], [0.5]]

    @pytest.mark.usefixtures("objects")
    def test_set_parameters_counts_as_a_step(self):
        model = linear()
        PROBES["set_parameters"](model, [torch.tensor([[3.0]]), torch.tensor([1.0])])
        assert PROBES["output"](model, torch.tensor([[2.0]], dtype=torch.float64)).tolist() == [[7.0]]
        assert [value.tolist() for value in PROBES["starting_parameters"](model)] == [[[2.0]], [0.5]]

    def test_whether_autograd_watches(self):
        model = linear()
        assert PROBES["trainable"](model)
        next(model.parameters()).requires_grad_(False)
        assert not PROBES["trainable"](model)

    @pytest.mark.usefixtures("objects")
    def test_what_a_training_has_done(self):
        model = linear()
        assert PROBES["training"](model) == [False, False]
        model(torch.ones(1, 1)).sum().backward()
        assert PROBES["training"](model) == [False, True]
        stepped(model)
        assert PROBES["training"](model) == [True, True]

    @pytest.mark.usefixtures("objects")
    def test_gradients_put_there_by_hand_are_none_that_arrived(self):
        model = linear()
        stepped(model)
        assert PROBES["training"](model) == [True, False]

    def test_a_loader_of_samples_has_columns_in_order(self):
        made = PROBES["data_loader"](torch.tensor([1.0, 2.0, 3.0]), torch.tensor([4.0, 5.0, 6.0]), 2)
        assert [[part.tolist() for part in batch] for batch in made] == [[[[1], [2]], [[4], [5]]], [[[3]], [[6]]]]
        assert len(made.dataset) == 3

    def test_batches_are_bounded(self):
        assert PROBES["batches"](PROBES["loader"]([1, [2, 3]])) == [1, [2, 3]]
        assert len(PROBES["batches"](DataLoader(range(2 * MAX_BATCHES)))) == MAX_BATCHES
        with pytest.raises(TypeError, match="a list is no DataLoader"):
            PROBES["batches"]([1])

    def test_a_loss_of_somebodys_own_has_no_name(self):
        assert PROBES["loss_settings"](PROBES["criterion"]("MSELoss", "sum")) == ("MSELoss", "sum")
        assert PROBES["loss_settings"](type("MSELoss", (nn.Module,), {})()) == ("", "")

    def test_an_optimizers_settings_and_state(self):
        model = linear()
        optimizer = PROBES["optimizer"](model, "Adam", 0.5)
        name, [(positions, options)] = PROBES["optimizer_settings"](optimizer, model)
        assert (name, positions, options["lr"]) == ("Adam", [0, 1], 0.5)
        assert PROBES["optimizer_state"](optimizer) == [{}, {}]
        PROBES["set_optimizer_state"](optimizer, [{"step": 1}, {"step": 2}])
        assert PROBES["optimizer_state"](optimizer) == [{"step": 1}, {"step": 2}]
