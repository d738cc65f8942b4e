import numpy as np
import torch


def apply(rule, *dicts):
    keys = dicts[0].keys()
    results = [rule(*(np.asarray(each[key]) for each in dicts)) for key in keys]
    return [dict(zip(keys, column)) for column in zip(*results)]


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    rate = np.float64(learning_rate)
    return apply(lambda p, g, v: (p - rate * (momentum * v + g), momentum * v + g), parameters, gradients, velocities)


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    def rule(p, g, s):
        s = np.average([s, g * g], axis=0, weights=[decay, 1 - decay])
        return p - float(learning_rate) * g / (np.sqrt(s) + epsilon), s

    return apply(rule, parameters, gradients, squares)


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    def rule(p, g, m, v):
        m = np.average(np.stack([m, g]), axis=0, weights=[beta1, 1 - beta1])
        v = np.average(np.stack([v, g**2]), axis=0, weights=[beta2, 1 - beta2])
        fair = m / (1 - np.power(beta1, step)), v / (1 - np.power(beta2, step))
        return p - float(learning_rate) * fair[0] / (np.sqrt(fair[1]) + epsilon), m, v

    return apply(rule, parameters, gradients, firsts, seconds)


def clip_by_norm(gradients, max_norm):
    flat = np.concatenate([g.numpy().ravel() for g in gradients.values()])
    norm = np.linalg.norm(flat)
    with np.errstate(divide="ignore"):
        factor = np.minimum(1.0, np.divide(max_norm, norm))
    return {key: torch.tensor(g.numpy() * factor) for key, g in gradients.items()}
