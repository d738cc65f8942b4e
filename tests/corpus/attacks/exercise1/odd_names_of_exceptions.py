# loses: loss, update, predict
# Raises exceptions with endless, empty and misleading names and with notes, causes and groups.
import torch


def predict(parameters, x):
    raise type("", (Exception,), {})


def loss(y_pred, y):
    error = ExceptionGroup("x" * 10**6, [ValueError("y" * 10**6)] * 1000)
    error.add_note("z" * 10**6)
    raise error from KeyboardInterrupt("cause")


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    raise type("AssertionError" * 10**5, (BaseException,), {"__module__": 5, "__qualname__": "passed"})


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
