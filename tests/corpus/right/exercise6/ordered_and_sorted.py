from collections import OrderedDict, defaultdict

import torch


class Parameters(OrderedDict):
    """A dict that knows arithmetic, by key."""

    def with_(self, other, made):
        return Parameters((name, made(self[name], other[name])) for name in sorted(self))


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    v = Parameters(velocities).with_(gradients, lambda v, g: momentum * v + g)
    return Parameters(parameters).with_(v, lambda p, v: p - learning_rate * v), v


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    s = Parameters(squares).with_(gradients, lambda s, g: decay * s + (1 - decay) * g**2)
    share = Parameters(gradients).with_(s, lambda g, s: g / (s.sqrt() + epsilon))
    return Parameters(parameters).with_(share, lambda p, d: p - learning_rate * d), s


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    made = defaultdict(dict)
    for name in reversed(sorted(gradients)):
        made["m"][name] = beta1 * firsts[name] + (1 - beta1) * gradients[name]
        made["v"][name] = beta2 * seconds[name] + (1 - beta2) * gradients[name] ** 2
        m_hat, v_hat = made["m"][name] / (1 - beta1**step), made["v"][name] / (1 - beta2**step)
        made["p"][name] = parameters[name] - learning_rate * m_hat / (v_hat.sqrt() + epsilon)
    return made["p"], made["m"], made["v"]


def clip_by_norm(gradients, max_norm):
    names = sorted(gradients, key=lambda name: gradients[name].numel())
    norm = torch.cat([gradients[name].ravel() for name in names]).norm(p=2)
    scale = max_norm / max(max_norm, norm)
    return OrderedDict((name, scale * gradients[name]) for name in names)
