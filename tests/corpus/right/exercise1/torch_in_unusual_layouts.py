# Strided, expanded, conjugated, sparse, complex and lower-precision-free results.
import torch


def predict(parameters, x):
    wide = torch.zeros(len(x), 3, dtype=x.dtype)
    wide[:, 1] = parameters["a"] * x + parameters["b"]
    return wide[:, 1]  # a view with a stride


def loss(y_pred, y):
    return torch.complex(torch.sum((y_pred - y) ** 2) / 2, torch.zeros((), dtype=y.dtype)).conj()


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    both = torch.stack([torch.sum(r), torch.sum(r * x)]).flip(0)
    return {"a": both[0], "b": both.expand(4, 2)[3, 1]}


def update(parameters, gradients, learning_rates):
    return {k: (parameters[k] - learning_rates[k] * gradients[k]).to_sparse().to_dense() for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total.real
