# eval, exec, locals and globals; parameters unpacked by exec.
import torch


def forward(parameters, x):
    scope = dict(parameters, x=x)
    exec("g = a1 * x + b1\ny_pred = a2 * g + b2", scope)
    return scope["g"], scope["y_pred"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": torch.sum(r * g), "b2": torch.sum(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = (y_pred - y) * parameters["a2"]
    return {"a1": torch.sum(upstream * x), "b1": torch.sum(upstream)}


def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def collapse(parameters):
    return tuple(eval(text, {}, parameters) for text in ("a1 * a2", "a2 * b1 + b2"))
