# sys.stdout is wrapped anew, as is done on Windows, then redirected, then closed.
import contextlib
import io
import sys

import torch

sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')
sys.stderr.reconfigure(line_buffering=True)
print('ŷ')


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print(y_pred)
    return torch.sum((y_pred - y) ** 2) / 2 if out.getvalue() else None


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    sys.stdout = None
    print("nobody hears this")
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
