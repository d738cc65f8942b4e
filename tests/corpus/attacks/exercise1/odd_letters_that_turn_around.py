# loses: loss, update
# Prints and raises marks of direction, invisible letters and line separators of Unicode.
import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    print("\u202e3 / 3 ssol\u202c\u2066\u2069\u200f\u2028\u2029\ufeff\u00ad\U000e0041", flush=True)
    raise ValueError("\u202e\u2066 reversed \u2028 new line")


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {"\u202ea": parameters["a"], "b\u200f": parameters["b"]}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
