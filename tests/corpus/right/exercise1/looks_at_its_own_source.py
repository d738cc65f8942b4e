# inspect, pickle, copy and typing look the file, its module and its classes up.
import ast
import copy
import inspect
import pickle
import sys
import typing
from dataclasses import dataclass

import torch


@dataclass
class Pair:
    a: "torch.Tensor"
    b: "torch.Tensor"


class Reducible:
    def __init__(self, value):
        self.value = value


def predict(parameters, x):
    p = pickle.loads(pickle.dumps(Pair(**parameters)))
    return p.a * x + p.b


def loss(y_pred, y):
    r = copy.deepcopy(Reducible(y_pred - y)).value
    return torch.sum(r**2) / 2


def manual_gradients(parameters, x, y):
    assert "manual_gradients" in inspect.getsource(manual_gradients)
    assert inspect.currentframe().f_code.co_name == "manual_gradients"
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in copy.copy(parameters)}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = torch.zeros((), dtype=x.dtype)
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total


assert inspect.getsource(predict).startswith("def predict")
assert inspect.getsource(Pair).splitlines()[1] == "class Pair:"
assert typing.get_type_hints(Pair)["a"] is torch.Tensor
assert inspect.getmodule(predict) is sys.modules[__name__]
assert ast.parse(open(__file__, encoding="utf-8").read()).body
assert isinstance(pickle.loads(pickle.dumps(Reducible(1))), Reducible)
