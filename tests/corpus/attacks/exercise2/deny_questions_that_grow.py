# loses: forward, loss, train_step
# Asks helpers with arguments that grow when they are broadcast, multiplied or copied.
import torch


def forward(parameters, x):
    raise ValueError


def loss(y_pred, y):
    raise ValueError


def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": torch.sum(r * g), "b2": torch.sum(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = (y_pred - y) * parameters["a2"]
    return {"a1": torch.sum(upstream * x), "b1": torch.sum(upstream)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a1", "b1", "a2", "b2")}


def train_step(parameters, x, y, learning_rates):
    one = torch.ones(())
    for rows in (450, 2000, 60000):
        wide = {"a1": torch.ones(rows, 1, 1), "b1": torch.ones(1, rows, 1), "a2": one, "b2": one}
        for call in (lambda: forward(wide, torch.ones(rows)), lambda: loss(torch.ones(rows, 1), torch.ones(rows))):
            try:
                call()
            except ValueError:
                pass
    raise RuntimeError("nothing came of it")


def collapse(parameters):
    return parameters["a1"] * parameters["a2"], parameters["a2"] * parameters["b1"] + parameters["b2"]
