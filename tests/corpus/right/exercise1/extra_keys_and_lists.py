# Dict keys nobody asked for, a list where a tuple is due, and lists of one-element tensors.
import torch


def predict(parameters, x):
    return [parameters["a"] * x[i : i + 1] + parameters["b"] for i in range(len(x))]


def loss(y_pred, y):
    if isinstance(y_pred, list):
        y_pred = torch.cat(y_pred)
    return [torch.sum((y_pred - y) ** 2) / 2][0]


def manual_gradients(parameters, x, y):
    r = parameters["a"] * x + parameters["b"] - y
    return {"residual": r, "b": r.sum(), "a": (r * x).sum(), "n": len(x), "note": "by hand", 3: None}


def update(parameters, gradients, learning_rates):
    new = {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}
    new["moved"] = True
    new["from"] = parameters
    return new


def train_epoch(parameters, x, y, learning_rates, batch_size):
    losses = []
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        losses.append(loss(predict(parameters, xs), ys))
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return [parameters, sum(losses)]
