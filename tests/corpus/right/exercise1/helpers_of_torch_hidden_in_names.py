# Attributes and helpers called backward, grad, step, optimizer and zero_grad, none of them torch's.
import torch

class optim:
    class SGD:
        def __init__(self, rates):
            self.rates = rates

        def zero_grad(self):
            self.grad = None

        def step(self, parameters, grad):
            return {k: parameters[k] - self.rates[k] * grad[k] for k in ("a", "b")}


class autograd:
    @staticmethod
    def grad(r, x):
        return {"a": (r * x).sum(), "b": r.sum()}


def mse_loss(y_pred, y):
    return (y_pred - y).pow(2).sum()


def backward(r, x):
    return autograd.grad(r, x)


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return mse_loss(y_pred, y) / 2


def manual_gradients(parameters, x, y):
    return backward(predict(parameters, x) - y, x)


def update(parameters, gradients, learning_rates):
    optimizer = optim.SGD(learning_rates)
    optimizer.zero_grad()
    return optimizer.step(parameters, gradients)


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
