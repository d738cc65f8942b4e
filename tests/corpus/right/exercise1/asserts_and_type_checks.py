# Checks its arguments' types, dtypes and shapes, as careful students do.
import torch


def predict(parameters, x):
    assert isinstance(parameters, dict) and set(parameters) == {"a", "b"}
    assert all(isinstance(v, torch.Tensor) and v.shape == () for v in parameters.values())
    assert isinstance(x, torch.Tensor) and x.dim() == 1 and x.is_floating_point() and not x.requires_grad
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    assert y_pred.shape == y.shape and y_pred.dtype == y.dtype
    result = torch.sum((y_pred - y) ** 2) / 2
    assert result >= 0 and result.dim() == 0
    return result


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    assert parameters.keys() == gradients.keys() == learning_rates.keys() == {"a", "b"}
    for rate in learning_rates.values():
        assert isinstance(rate, (float, torch.Tensor)), type(rate)
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    assert type(batch_size) is int and batch_size > 0 and len(x) == len(y) > 0
    total = torch.tensor(0, dtype=x.dtype)
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total += loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
