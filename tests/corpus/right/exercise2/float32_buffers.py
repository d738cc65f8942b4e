# Loops into torch.zeros(n), which is float32, then products with float64.
import torch


def forward(parameters, x):
    g = torch.zeros(len(x))
    y_pred = torch.zeros(len(x))
    for i in range(len(x)):
        g[i] = parameters["a1"] * x[i] + parameters["b1"]
        y_pred[i] = parameters["a2"] * g[i] + parameters["b2"]
    return g, y_pred


def loss(y_pred, y):
    total = torch.zeros(1)
    for i in range(len(y)):
        total += (y_pred[i] - y[i]) ** 2 / 2
    return total


def manual_gradients(g, y_pred, y):
    r = torch.zeros(len(y))
    for i in range(len(y)):
        r[i] = y_pred[i] - y[i]
    return {"a2": torch.sum(r * g), "b2": torch.sum(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    share_a, share_b = torch.zeros(len(x)), torch.zeros(len(x))
    for i in range(len(x)):
        share_b[i] = y_pred[i] - y[i]
        share_a[i] = share_b[i] * x[i]
    return {"a1": share_a.sum() * parameters["a2"] * torch.ones((), dtype=x.dtype), "b1": torch.dot(share_b.to(x.dtype), torch.ones_like(x)) * parameters["a2"]}


def update(parameters, gradients, learning_rates):
    new = torch.zeros(4)
    for i, k in enumerate(parameters):
        new[i] = parameters[k] - learning_rates[k] * gradients[k]
    return dict(zip(parameters, new))


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred.to(y.dtype), y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def collapse(parameters):
    both = torch.zeros(2)
    both[0] = parameters["a1"] * parameters["a2"]
    both[1] = parameters["a2"] * parameters["b1"] + parameters["b2"]
    return both
