from collections import OrderedDict, namedtuple

import torch

Moved = namedtuple("Moved", "parameters velocities")


class Average:
    """A memory that fades."""

    def __init__(self, keep):
        self.keep = keep

    def __call__(self, before, new):
        return self.keep * before + (1 - self.keep) * new

    def fair(self, value, step):
        return value / (1 - self.keep**step)


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    velocities = OrderedDict((name, momentum * velocities[name] + gradients[name]) for name in reversed(parameters))
    return Moved({name: parameters[name] - learning_rate * velocities[name] for name in parameters}, velocities)


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    average = Average(decay)
    squares = dict(parameters) | {name: average(squares[name], gradients[name].square()) for name in gradients}
    rates = {name: learning_rate / (epsilon + torch.sqrt(squares[name])) for name in squares}
    return {name: parameters[name] - rates[name] * gradients[name] for name in rates}, squares


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    one, two = Average(beta1), Average(beta2)
    firsts = {name: one(value, gradients[name]) for name, value in firsts.items()}
    seconds = {name: two(value, gradients[name] * gradients[name]) for name, value in seconds.items()}
    moved = {}
    for name in set(parameters):
        size = torch.sqrt(two.fair(seconds[name], step)) + epsilon
        moved[name] = parameters[name] - learning_rate * one.fair(firsts[name], step) / size
    return moved, firsts, seconds


def clip_by_norm(gradients, max_norm):
    total = sum(torch.sum(value * value) for value in gradients.values()) ** 0.5
    factor = torch.clamp(max_norm / total, max=1) if total > 0 else 1
    return {name: factor * value for name, value in gradients.items()} | {"factor": factor}
