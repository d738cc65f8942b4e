# Control flow by exceptions, context managers, try/finally, and a for/else.
import contextlib

import torch


class EndOfData(Exception):
    pass


@contextlib.contextmanager
def residual_of(parameters, x, y):
    yield predict(parameters, x) - y


def predict(parameters, x):
    with contextlib.suppress(KeyError):
        return parameters["slope"] * x + parameters["intercept"]
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    try:
        return 1 / 0
    except ZeroDivisionError:
        pass
    finally:
        result = torch.sum((y_pred - y) ** 2) / 2
    return result


def manual_gradients(parameters, x, y):
    with residual_of(parameters, x, y) as r, contextlib.nullcontext(), contextlib.ExitStack() as stack:
        stack.callback(print, "left")
        return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    new = {}
    for name in ("b", "a"):
        new[name] = parameters[name] - learning_rates[name] * gradients[name]
    else:
        return new


def next_batch(x, y, start, size):
    if start >= len(x):
        raise EndOfData(start)
    return x[start : start + size], y[start : start + size]


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total, start = 0, 0
    with contextlib.suppress(EndOfData):
        while True:
            xs, ys = next_batch(x, y, start, batch_size)
            total = total + loss(predict(parameters, xs), ys)
            parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
            start += batch_size
    return parameters, total
