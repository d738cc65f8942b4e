"""All three steps are one: an average or a sum of the gradients, over the root of an average of their squares."""

import torch


def engine(p, g, m, v, keep1, give1, keep2, give2, fair1, fair2, rate, epsilon):
    m = m * keep1 + g * give1
    v = v * keep2 + g * g * give2
    return p - rate * (m / fair1) / (torch.sqrt(v / fair2) + epsilon), m, v


def each(parameters, *rest):
    *dicts, numbers = rest
    done = {name: engine(parameters[name], *(d[name] for d in dicts), *numbers) for name in parameters}
    return tuple({name: parts[at] for name, parts in done.items()} for at in range(3))


def like(values, number):
    return {name: torch.full_like(value, number) for name, value in values.items()}


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    numbers = momentum, 1, 1, 0, 1, 1, learning_rate, 0
    return each(parameters, gradients, velocities, like(parameters, 1.0), numbers)[:2]


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    numbers = 0, 1, decay, 1 - decay, 1, 1, learning_rate, epsilon
    moved, _, squares = each(parameters, gradients, like(parameters, 0.0), squares, numbers)
    return moved, squares


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    numbers = beta1, 1 - beta1, beta2, 1 - beta2, 1 - beta1**step, 1 - beta2**step, learning_rate, epsilon
    return each(parameters, gradients, firsts, seconds, numbers)


def clip_by_norm(gradients, max_norm):
    squares = [g.square().sum() for g in gradients.values()]
    norm = torch.stack(squares).sum().sqrt()
    factor = torch.nan_to_num(max_norm / norm, nan=1.0, posinf=1.0).clamp(max=1)
    return {name: g.mul(factor) for name, g in gradients.items()}
