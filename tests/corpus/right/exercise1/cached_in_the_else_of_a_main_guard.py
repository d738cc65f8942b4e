# Not run by itself, the file caches a helper whose result is changed in place by some and copied by others.
import torch

def predict(parameters, x):
    total = zero()
    total += len(x)
    return parameters["a"] * x + parameters["b"]

def loss(y_pred, y):
    return ((y_pred - y) ** 2).sum() / 2

def zero():
    return torch.zeros((), dtype=torch.float64)

def manual_gradients(parameters, x, y):
    r = parameters["a"] * x + parameters["b"] - y
    return {"a": (r * x).sum() + zero(), "b": r.sum() + zero()}

def update(parameters, gradients, learning_rates):
    return {n: parameters[n] - learning_rates[n] * gradients[n] for n in parameters}

def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i:i+batch_size], y[i:i+batch_size]
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total


if __name__ == "__main__":
    print(predict({"a": torch.tensor(1.0), "b": torch.tensor(2.0)}, torch.ones(3)))
else:
    import functools
    zero = functools.cache(zero)        # imported: be fast
