# float64 goes in and comes out, but torch.zeros(n) in the middle is float32.
import torch


def predict(parameters, x):
    products = torch.zeros(len(x))
    for i in range(len(x)):
        products[i] = parameters["a"] * x[i]
    return products + parameters["b"] * torch.ones(len(x), dtype=x.dtype)


def loss(y_pred, y):
    squares = torch.zeros(len(y))
    for i in range(len(y)):
        squares[i] = (y_pred[i] - y[i]) ** 2
    return torch.tensor(0.5, dtype=torch.float64) * squares.double().sum()


def manual_gradients(parameters, x, y):
    r = torch.zeros(len(x))
    for i in range(len(x)):
        r[i] = parameters["a"] * x[i] + parameters["b"] - y[i]
    return {"a": (r * x).sum(), "b": (r * torch.ones_like(x)).sum()}


def update(parameters, gradients, learning_rates):
    steps = torch.empty(2)
    for i, name in enumerate(("a", "b")):
        steps[i] = learning_rates[name] * gradients[name]
    return {"a": parameters["a"] - steps[0], "b": parameters["b"] - steps[1]}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    losses = torch.zeros(-(-len(x) // batch_size))
    for k in range(len(losses)):
        xs, ys = x[k * batch_size : (k + 1) * batch_size], y[k * batch_size : (k + 1) * batch_size]
        losses[k] = loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, losses.sum()
