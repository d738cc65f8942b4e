# loses: manual_gradients
# Makes dual numbers with torch's lowest functions.
import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    with torch.autograd.forward_ad.dual_level():
        a = torch._make_dual(parameters["a"], torch.ones_like(parameters["a"]), level=0)
        value = torch.sum((a * x + parameters["b"] - y) ** 2) / 2
        tangent = torch._unpack_dual(value, level=0)[1]
    return {"a": tangent, "b": tangent}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
