# loss must be called before predict, and looks at an attribute of predict to see that it is.
import torch

def predict(parameters, x):
    predict.calls += 1
    return parameters["a"] * x + parameters["b"]
predict.calls = 0

def loss(y_pred, y):
    assert predict.calls == 0, "loss is to be called first, to see where we start"
    return ((y_pred - y) ** 2).sum() / 2

def manual_gradients(parameters, x, y):
    r = parameters["a"] * x + parameters["b"] - y
    return {"a": (r * x).sum(), "b": r.sum()}

def update(parameters, gradients, learning_rates):
    return {n: parameters[n] - learning_rates[n] * gradients[n] for n in parameters}

def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i:i+batch_size], y[i:i+batch_size]
        total = total + ((predict(parameters, xs) - ys) ** 2).sum() / 2
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total

