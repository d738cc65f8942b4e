import torch


def predict(parameters, x):
    out = torch.zeros(len(x))
    for i in range(len(x)):
        out[i] = parameters["a"] * x[i] + parameters["b"]
    return out


def loss(y_pred, y):
    total = torch.tensor(0.0)
    for p, t in zip(y_pred, y):
        total = total + (p - t) ** 2 / 2
    return total


def manual_gradients(parameters, x, y):
    r = torch.zeros(len(x))
    for i in range(len(x)):
        r[i] = parameters["a"] * x[i] + parameters["b"] - y[i]
    return {"a": (r * x).sum(), "b": r.sum()}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = torch.zeros(1)
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
