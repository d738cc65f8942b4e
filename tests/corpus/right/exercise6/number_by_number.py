import math

import torch


def numbers(rule, like, *dicts):
    """Apply a rule to every number; return a dict for each of its results."""
    made = []
    for name, tensor in like.items():
        columns = zip(*(each[name].flatten().tolist() for each in dicts))
        made.append((name, tensor, list(zip(*(rule(*column) for column in columns)))))
    count = len(made[0][2])
    return tuple(
        {name: torch.tensor(columns[at], dtype=tensor.dtype).view(tensor.size()) for name, tensor, columns in made}
        for at in range(count)
    )


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    def rule(p, g, v):
        v = math.fsum((momentum * v, g))
        return p - float(learning_rate) * v, v

    return numbers(rule, parameters, parameters, gradients, velocities)


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    def rule(p, g, s):
        s = decay * s + (1 - decay) * pow(g, 2)
        return p - float(learning_rate) * g / (math.sqrt(s) + epsilon), s

    return numbers(rule, parameters, parameters, gradients, squares)


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    def rule(p, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return p - float(learning_rate) * m / (1 - beta1**step) / (math.sqrt(v / (1 - beta2**step)) + epsilon), m, v

    return numbers(rule, parameters, parameters, gradients, firsts, seconds)


def clip_by_norm(gradients, max_norm):
    norm = math.hypot(*(number for g in gradients.values() for number in g.flatten().tolist()))
    factor = 1 if norm <= max_norm else max_norm / norm
    return numbers(lambda g: (g * factor,), gradients, gradients)[0]
