from __future__ import annotations

import dataclasses
import functools

import torch


@dataclasses.dataclass(slots=True)
class Line:
    a: torch.Tensor
    b: torch.Tensor

    def __call__(self, x):
        return self.a * x + self.b


def traced(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print("calling", function.__name__)
        return function(*args, **kwargs)

    return wrapper


@traced
def predict(parameters, x):
    return Line(**parameters)(x)


class Loss:
    def __call__(self, y_pred, y):
        return (y_pred - y).square().sum().div(2)


loss = Loss()
FUNCTIONS = {"predict": predict}


class Variable:
    """A tape of my own: `grad` and `backward` are mine, not torch's."""

    def __init__(self, value, parents=()):
        self.value, self.grad, self.parents = value, 0, parents

    def backward(self, upstream=1):
        self.grad = self.grad + upstream
        for parent, local in self.parents:
            parent.backward(upstream * local)


def manual_gradients(parameters, x, y):
    a, b = Variable(parameters["a"]), Variable(parameters["b"])
    for xi, yi in zip(x, y):
        y_pred = Variable(a.value * xi + b.value, [(a, xi), (b, 1)])
        Variable((y_pred.value - yi) ** 2 / 2, [(y_pred, y_pred.value - yi)]).backward()
    return {"a": a.grad, "b": b.grad}


update = lambda parameters, gradients, learning_rates: {  # noqa: E731
    k: parameters[k] - learning_rates[k] * gradients[k] for k in parameters
}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = []
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total.append(loss(FUNCTIONS["predict"](parameters, xs), ys))
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, torch.stack(total).sum()
