# loses: update, train_step
# Returns one and the same tensor for every parameter, which it changes while it is being read.
import torch


class Shifting(dict):
    """Each look at a value moves it."""

    def __getitem__(self, name):
        value = dict.__getitem__(self, name)
        return value.add_(1)


def forward(parameters, x):
    g = parameters["a1"] * x + parameters["b1"]
    return g, parameters["a2"] * g + parameters["b2"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": torch.sum(r * g), "b2": torch.sum(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = (y_pred - y) * parameters["a2"]
    return {"a1": torch.sum(upstream * x), "b1": torch.sum(upstream)}


def update(parameters, gradients, learning_rates):
    return Shifting({k: torch.zeros(()) for k in ("a1", "b1", "a2", "b2")})


def train_step(parameters, x, y, learning_rates):
    one = torch.zeros(())
    return dict.fromkeys(("a1", "b1", "a2", "b2"), one), one


def collapse(parameters):
    return parameters["a1"] * parameters["a2"], parameters["a2"] * parameters["b1"] + parameters["b2"]
