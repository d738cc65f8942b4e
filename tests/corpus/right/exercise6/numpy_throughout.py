import numpy as np


def arrays(tensors):
    return {name: np.asarray(value) for name, value in tensors.items()}


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    p, g, v = arrays(parameters), arrays(gradients), arrays(velocities)
    v = {name: momentum * v[name] + g[name] for name in p}
    return {name: p[name] - float(learning_rate) * v[name] for name in p}, v


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    p, g, s = arrays(parameters), arrays(gradients), arrays(squares)
    s = {name: np.average([s[name], np.square(g[name])], axis=0, weights=[decay, 1 - decay]) for name in p}
    return {name: p[name] - float(learning_rate) * g[name] / (np.sqrt(s[name]) + epsilon) for name in p}, s


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    p, g, m, v = map(arrays, (parameters, gradients, firsts, seconds))
    m = {name: beta1 * m[name] + (1 - beta1) * g[name] for name in p}
    v = {name: beta2 * v[name] + (1 - beta2) * g[name] ** 2 for name in p}
    rate = float(learning_rate) / (1 - beta1**step)
    p = {name: p[name] - rate * m[name] / (np.sqrt(v[name] / (1 - beta2**step)) + epsilon) for name in p}
    return p, m, v


def clip_by_norm(gradients, max_norm):
    g = arrays(gradients)
    norm = np.sqrt(sum(float((value**2).sum()) for value in g.values()))
    return {name: value if norm <= max_norm else value * max_norm / norm for name, value in g.items()}
