# loses: update
import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    for k in parameters:
        p, g = parameters[k].clone(), gradients[k]
        torch.optim.sgd.sgd(
            [p],
            [g],
            [None],
            weight_decay=0.0,
            momentum=0.0,
            lr=float(learning_rates[k]),
            dampening=0.0,
            nesterov=False,
            maximize=False,
            foreach=False,
        )
        parameters = parameters | {k: p}
    return parameters


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
