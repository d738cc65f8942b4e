# A name is the file's cached function in a function, and a comprehension's own inside it.
from functools import cache
import torch

@cache
def g(n):
    """n zeros, made once."""
    return torch.zeros(n, dtype=torch.float64)

def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]

def loss(y_pred, y):
    total = g(1)
    squares = [g * g for g in y_pred - y]
    total += ((y_pred - y) ** 2).sum() / 2 - total      # in place
    return total[0].clone()

def manual_gradients(parameters, x, y):
    r = parameters["a"] * x + parameters["b"] - y
    a, b = [sum((g for g in v), start=g(1)) for v in (r * x, r)]
    return {"a": a[0], "b": b[0]}

def update(parameters, gradients, learning_rates):
    return {n: parameters[n] - learning_rates[n] * gradients[n] for n in parameters}

def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i:i+batch_size], y[i:i+batch_size]
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total

