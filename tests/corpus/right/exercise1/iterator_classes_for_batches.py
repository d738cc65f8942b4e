# A loader class of the student's with __len__ and __iter__; torch's DataLoader in the epoch.
import torch
from torch.utils.data import DataLoader, TensorDataset


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


class Batches:
    def __init__(self, x, y, size):
        self.loader = DataLoader(TensorDataset(x, y), batch_size=size, shuffle=False)

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        yield from self.loader


def train_epoch(parameters, x, y, learning_rates, batch_size):
    batches = Batches(x, y, batch_size)
    losses = torch.zeros(len(batches), dtype=x.dtype)
    for i, (xs, ys) in enumerate(batches):
        losses[i] = loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, losses.sum()
