import torch


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    new_parameters, new_velocities = {}, {}
    for name in parameters:
        new_velocities[name] = momentum * velocities[name] + gradients[name]
        new_parameters[name] = parameters[name] - learning_rate * new_velocities[name]
    return new_parameters, new_velocities


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    new_parameters, new_squares = {}, {}
    for name in parameters:
        g = gradients[name]
        new_squares[name] = decay * squares[name] + (1 - decay) * g * g
        new_parameters[name] = parameters[name] - learning_rate * g / (new_squares[name] ** 0.5 + epsilon)
    return new_parameters, new_squares


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    new_parameters, new_firsts, new_seconds = {}, {}, {}
    for name in parameters:
        g = gradients[name]
        m = beta1 * firsts[name] + (1 - beta1) * g
        v = beta2 * seconds[name] + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**step)
        v_hat = v / (1 - beta2**step)
        new_parameters[name] = parameters[name] - learning_rate * m_hat / (torch.sqrt(v_hat) + epsilon)
        new_firsts[name], new_seconds[name] = m, v
    return new_parameters, new_firsts, new_seconds


def clip_by_norm(gradients, max_norm):
    total = 0
    for g in gradients.values():
        total = total + (g**2).sum()
    norm = total**0.5
    if norm <= max_norm:
        return dict(gradients)
    return {name: g * max_norm / norm for name, g in gradients.items()}
