# The data padded to full batches and reshaped; a mask takes the padding out again.
import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    rows = -(-len(x) // batch_size)
    missing = rows * batch_size - len(x)
    pad = lambda v: torch.nn.functional.pad(v, (0, missing)).reshape(rows, batch_size)
    X, Y, M = pad(x), pad(y), pad(torch.ones_like(x))
    total = x.new_zeros(())
    for xs, ys, mask in zip(X, Y, M):
        r = (parameters["a"] * xs + parameters["b"] - ys) * mask
        total = total + (r * r).sum() / 2
        parameters = update(parameters, {"a": r @ xs, "b": r.sum()}, learning_rates)
    return parameters, total
