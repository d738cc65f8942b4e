# An nn.Module of the student's, nn.Linear with set weights, F.linear.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Line(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.linear = nn.Linear(1, 1, dtype=a.dtype)
        with torch.no_grad():
            self.linear.weight.fill_(a)
            self.linear.bias.fill_(b)

    def forward(self, x):
        return self.linear(x)


def predict(parameters, x):
    return Line(parameters["a"], parameters["b"])(x.unsqueeze(-1)).squeeze(-1)


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = F.linear(x.reshape(-1, 1), parameters["a"].reshape(1, 1), parameters["b"].reshape(1)).flatten() - y
    return {"a": F.linear(r, x), "b": F.linear(r, torch.ones_like(r))}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
