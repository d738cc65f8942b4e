import copy

import torch


def t(number):
    return torch.as_tensor(number, dtype=torch.float64)


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    parameters, velocities = copy.deepcopy((parameters, velocities))
    for name in velocities:
        velocities[name] *= t(momentum)
        velocities[name] += gradients[name]
        parameters[name] -= t(learning_rate) * velocities[name]
    return parameters, velocities


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    parameters, squares = copy.deepcopy(parameters), copy.deepcopy(squares)
    for name, square in squares.items():
        square.mul_(t(decay)).addcmul_(gradients[name], gradients[name], value=1 - decay)
        parameters[name].addcdiv_(gradients[name], square.sqrt().add_(epsilon), value=-float(learning_rate))
    return parameters, squares


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    step = torch.tensor(float(step), dtype=torch.float64)
    parameters, firsts, seconds = (copy.deepcopy(each) for each in (parameters, firsts, seconds))
    for name in parameters:
        firsts[name].mul_(beta1).add_(gradients[name], alpha=1 - beta1)
        seconds[name].mul_(beta2).addcmul_(gradients[name], gradients[name], value=1 - beta2)
        m_hat = firsts[name] / (1 - torch.pow(t(beta1), step))
        v_hat = seconds[name] / (1 - torch.pow(t(beta2), step))
        parameters[name].sub_(t(learning_rate) * m_hat / (v_hat.sqrt() + epsilon))
    return parameters, firsts, seconds


def clip_by_norm(gradients, max_norm):
    clipped = copy.deepcopy(gradients)
    norm = t(sum(torch.dot(g.flatten(), g.flatten()).item() for g in clipped.values())).sqrt()
    if norm.gt(t(max_norm)):
        for g in clipped.values():
            g.mul_(max_norm / norm)
    return clipped
