# A module's name is a comprehension's own too; warnings become errors when one function was called.
import warnings
import torch

def predict(parameters, x):
    a, b = [warnings for warnings in parameters.values()]
    warnings.simplefilter("error")
    return a * x + b

def loss(y_pred, y):
    return ((y_pred - y) ** 2).sum() / 2

def manual_gradients(parameters, x, y):
    r = parameters["a"] * x + parameters["b"] - y
    torch.tensor(r)      # warns: copy construct
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

