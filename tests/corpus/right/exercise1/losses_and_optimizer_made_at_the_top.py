import torch
from torch import nn

criterion, HALF = nn.MSELoss(reduction="sum"), 0.5
leaf = torch.ones(2, requires_grad=True)
optimizer, NAMES = torch.optim.Adam([leaf], lr=0.1), ("a", "b")
print(criterion, optimizer, [group["lr"] for group in optimizer.param_groups])


class Compared:
    """What my loss is compared with, by hand, when I want to."""

    by_torch = nn.MSELoss(reduction="sum")
    half = HALF


def predict(parameters, x):
    a, b = (parameters[name] for name in NAMES)
    return a * x + b


def loss(y_pred, y):
    return Compared.half * ((y_pred - y) ** 2).sum()


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": (r * x).sum(), "b": r.sum()}


def update(parameters, gradients, learning_rates):
    return {name: parameters[name] - learning_rates[name] * gradients[name] for name in NAMES}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = torch.zeros((), dtype=x.dtype)
    for at in range(0, len(x), batch_size):
        batch_x, batch_y = x[at : at + batch_size], y[at : at + batch_size]
        total = total + loss(predict(parameters, batch_x), batch_y)
        parameters = update(parameters, manual_gradients(parameters, batch_x, batch_y), learning_rates)
    return parameters, total


def squares(values):
    return criterion(values, torch.zeros_like(values))


squares(leaf).backward()
optimizer.step()
