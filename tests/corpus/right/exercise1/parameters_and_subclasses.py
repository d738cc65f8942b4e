# nn.Parameter and an own Tensor subclass come back.
import torch
from torch import nn


class Length(torch.Tensor):
    unit = "m"


def predict(parameters, x):
    return nn.Parameter(parameters["a"] * x + parameters["b"])


def loss(y_pred, y):
    return (((y_pred.detach() - y) ** 2).sum() / 2).as_subclass(Length)


def manual_gradients(parameters, x, y):
    r = (predict(parameters, x).detach() - y).as_subclass(Length)
    return {"a": (r * x).sum(), "b": r.sum()}


def update(parameters, gradients, learning_rates):
    return nn.ParameterDict(
        {k: nn.Parameter(parameters[k].detach() - learning_rates[k] * gradients[k].detach()) for k in ("a", "b")}
    )


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
