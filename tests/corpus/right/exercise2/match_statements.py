# Structural pattern matching, walrus, star-args and set operations.
import torch


def value_of(parameters, name):
    match parameters:
        case {"a1": a1} if name == "a1":
            return a1
        case {"b1": b1, **rest} if name == "b1" and len(rest) == 3:
            return b1
        case {"a2": a2, "b2": b2}:
            return a2 if name == "a2" else b2


def forward(*args):
    match args:
        case [parameters, x]:
            return (g := value_of(parameters, "a1") * x + value_of(parameters, "b1")), value_of(
                parameters, "a2"
            ) * g + value_of(parameters, "b2")


def loss(y_pred, y):
    return sum((r := p - t) * r for p, t in zip(y_pred, y)) / 2


def manual_gradients(*given):
    g, *(y_pred, y) = given
    return {"a2": sum(map(torch.mul, y_pred - y, g)), "b2": sum(y_pred - y)}


def chain_rule_gradients(parameters, *data, **nothing):
    x, y_pred, y = data
    return {key: ((y_pred - y) * parameters["a2"] * factor).sum() for key, factor in {"a1": x, "b1": 1}.items()}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in {"a1", "b1"} | {"a2", "b2"}}


def train_step(parameters, x, y, learning_rates):
    match forward(parameters, x):
        case (g, y_pred):
            gradients = dict(manual_gradients(g, y_pred, y), **chain_rule_gradients(parameters, x, y_pred, y))
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def collapse(parameters):
    a1, b1, a2, b2 = map(parameters.__getitem__, "a1 b1 a2 b2".split())
    return a1 * a2, a2 * b1 + b2
