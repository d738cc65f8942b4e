from functools import partial

import torch


def zipped(function, first, *others):
    """Apply a function to the tensors of one name, like the trees of other libraries."""
    return {name: function(first[name], *(other[name] for other in others)) for name in first}


def transpose(tree, count):
    return tuple({name: leaf[at] for name, leaf in tree.items()} for at in range(count))


def one_momentum(p, g, v, *, rate, share):
    new = share * v + g
    return p - rate * new, new


def one_adam(p, g, m, v, *, t, rate, b1, b2, eps):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return p - rate * (m / (1 - b1**t)) / (eps + torch.sqrt(v / (1 - b2**t))), m, v


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    rule = partial(one_momentum, rate=learning_rate, share=momentum)
    return transpose(zipped(rule, parameters, gradients, velocities), 2)


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    # Adam without the first average and without the corrections: 0 to the power of 1 is 0.
    rule = partial(one_adam, t=10**9, rate=learning_rate, b1=0.0, b2=decay, eps=epsilon)
    moved, _, squares = transpose(zipped(rule, parameters, gradients, gradients, squares), 3)
    return moved, squares


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    rule = partial(one_adam, t=step, rate=learning_rate, b1=beta1, b2=beta2, eps=epsilon)
    return transpose(zipped(rule, parameters, gradients, firsts, seconds), 3)


def clip_by_norm(gradients, max_norm):
    leaves = [*gradients.values()]
    total = torch.zeros_like(leaves[0].sum())
    while leaves:
        total = total + leaves.pop().pow(2).sum()
    norm = total.sqrt()
    return zipped(lambda g: g if norm <= max_norm else g * (max_norm / norm), gradients)
