# Scalars as tensors of shape (1,), (1, 1), NumPy arrays of no dimension and one-element lists.
import numpy as np
import torch


def predict(parameters, x):
    return (parameters["a"] * x.unsqueeze(1) + parameters["b"]).squeeze(1)


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2, dim=0, keepdim=True) / 2


def manual_gradients(parameters, x, y):
    r = (predict(parameters, x) - y).reshape(-1, 1)
    return {"a": r.T @ x.reshape(-1, 1), "b": np.array(r.sum().item())}


def update(parameters, gradients, learning_rates):
    return {
        "a": [float(parameters["a"]) - float(learning_rates["a"]) * float(gradients["a"])],
        "b": (parameters["b"] - learning_rates["b"] * float(gradients["b"])).reshape(1),
    }


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = torch.zeros(1, dtype=x.dtype)
    now = dict(parameters)
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(now, xs), ys)
        new = update(now, manual_gradients(now, xs, ys), learning_rates)
        now = {k: torch.as_tensor(v, dtype=x.dtype).reshape(()) for k, v in new.items()}
    return {k: v.view(1, 1, 1) for k, v in now.items()}, total
