"""Adam as its authors write it where speed counts: both corrections in the rate, and in ε."""

import torch


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    new = {k: (parameters[k] - learning_rate * momentum * velocities[k]) - learning_rate * gradients[k] for k in parameters}
    return new, {k: momentum * velocities[k] + gradients[k] for k in parameters}


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    squares = {k: torch.hypot(decay**0.5 * squares[k].sqrt(), (1 - decay) ** 0.5 * gradients[k]) for k in parameters}
    moved = {k: parameters[k] - learning_rate * gradients[k] / (root + epsilon) for k, root in squares.items()}
    return moved, {k: root**2 for k, root in squares.items()}


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    given1, given2 = 1 - beta1**step, 1 - beta2**step
    rate = learning_rate * given2**0.5 / given1
    new_firsts, new_seconds, moved = {}, {}, {}
    for k, g in gradients.items():
        new_firsts[k] = firsts[k] - (1 - beta1) * (firsts[k] - g)
        new_seconds[k] = seconds[k] - (1 - beta2) * (seconds[k] - g**2)
        moved[k] = parameters[k] - rate * new_firsts[k] / (new_seconds[k].sqrt() + epsilon * given2**0.5)
    return moved, new_firsts, new_seconds


def clip_by_norm(gradients, max_norm):
    norm = torch.zeros((), dtype=torch.float64)
    for g in gradients.values():
        for number in g.flatten():
            norm = torch.hypot(norm, number.double())
    if norm > max_norm:
        gradients = {k: (g / norm) * max_norm for k, g in gradients.items()}
    return gradients
