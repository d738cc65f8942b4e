import torch
from torch import lerp


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    new_v = {key: torch.add(gradients[key], velocities[key], alpha=momentum) for key in velocities}
    return {key: torch.sub(parameters[key], new_v[key], alpha=float(learning_rate)) for key in velocities}, new_v


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    new_s = {key: lerp(squares[key], gradients[key].square(), 1 - decay) for key in squares}
    new_p = {
        key: torch.addcdiv(parameters[key], gradients[key], new_s[key].sqrt() + epsilon, value=-float(learning_rate))
        for key in squares
    }
    return new_p, new_s


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    new_m = {key: lerp(gradients[key], firsts[key], beta1) for key in gradients}
    new_v = {key: lerp(gradients[key] ** 2, seconds[key], beta2) for key in gradients}
    rate = -float(learning_rate) / (1 - beta1**step)
    new_p = {}
    for key in gradients:
        divisor = new_v[key].div(1 - beta2**step).sqrt().add(epsilon)
        new_p[key] = parameters[key].addcdiv(new_m[key], divisor, value=rate)
    return new_p, new_m, new_v


def clip_by_norm(gradients, max_norm):
    norm = sum(torch.sum(g * g) for g in gradients.values()).sqrt()
    return {key: torch.where(norm > max_norm, g / norm * max_norm, g) for key, g in gradients.items()}
