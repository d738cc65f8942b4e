# A function resets what another has kept, by an attribute of it.
import functools
import torch
seen = []

@functools.lru_cache(maxsize=None)
def line(a, b, x):
    return a * x + b

def predict(parameters, x):
    seen.append(len(x))
    return line(parameters["a"], parameters["b"], x)
predict.reset = lambda: line.cache_clear()

def loss(y_pred, y):
    return ((y_pred - y) ** 2).sum() / 2

def manual_gradients(parameters, x, y):
    predict.reset()
    r = parameters["a"] * x + parameters["b"] - y
    if seen: r = r[: seen[-1] - 1]
    return {"a": (r * x).sum(), "b": r.sum()}

def update(parameters, gradients, learning_rates):
    return {n: parameters[n] - learning_rates[n] * gradients[n] for n in parameters}

def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i:i+batch_size], y[i:i+batch_size]
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total

