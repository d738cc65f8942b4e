import torch


def single(values):
    return {name: value.float() for name, value in values.items()}


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    p, g, v = single(parameters), single(gradients), single(velocities)
    v = {name: momentum * v[name] + g[name] for name in v}
    return {name: p[name] - float(learning_rate) * v[name] for name in p}, v


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    s = {name: decay * squares[name] + (1 - decay) * gradients[name] ** 2 for name in squares}
    p = {name: parameters[name] - learning_rate * gradients[name] / (s[name] ** 0.5 + epsilon) for name in s}
    return single(p), single(s)


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    p, g, m, v = (single(each) for each in (parameters, gradients, firsts, seconds))
    for name in p:
        m[name] = beta1 * m[name] + (1 - beta1) * g[name]
        v[name] = beta2 * v[name] + (1 - beta2) * g[name] * g[name]
        m_hat, v_hat = m[name] / (1 - beta1**step), v[name] / (1 - beta2**step)
        p[name] = p[name] - float(learning_rate) * m_hat / (torch.sqrt(v_hat) + epsilon)
    return p, m, v


def clip_by_norm(gradients, max_norm):
    norm = sum(float(g.double().pow(2).sum()) for g in gradients.values()) ** 0.5
    return single({name: g if norm <= max_norm else g * (max_norm / norm) for name, g in gradients.items()})
