# Forward-mode differentiation by the student's own dual numbers.
import torch

class Dual:
    def __init__(self, real, slope=0.0):
        self.real, self.slope = real, slope

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.real + other.real, self.slope + other.slope)

    __radd__ = __add__

    def __sub__(self, other):
        return self + -1 * (other if isinstance(other, Dual) else Dual(other))

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.real * other.real, self.slope * other.real + self.real * other.slope)

    __rmul__ = __mul__


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    slopes = {}
    for name in ("a", "b"):
        p = {k: Dual(v, 1.0 if k == name else 0.0) for k, v in parameters.items()}
        total = Dual(0.0)
        for xi, yi in zip(x, y):
            r = p["a"] * xi + p["b"] - yi
            total = total + 0.5 * (r * r)
        slopes[name] = total.slope
    return slopes


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
