import torch


def averaged(old, new, keep):
    return {name: keep * old[name] + (1 - keep) * new[name] for name in new}


def squared(values):
    return {name: torch.pow(value, 2) for name, value in values.items()}


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    velocities = {name: velocity.mul(momentum).add(gradients[name]) for name, velocity in velocities.items()}
    return descend(parameters, velocities, learning_rate), velocities


def descend(parameters, directions, rate):
    return dict((name, parameters[name] - rate * directions[name]) for name in directions)


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    squares = averaged(squares, squared(gradients), decay)
    directions = {name: gradients[name] / torch.add(square.sqrt(), epsilon) for name, square in squares.items()}
    return momentum_step(parameters, directions, directions, learning_rate, 0)[0], squares


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    firsts, seconds = averaged(firsts, gradients, beta1), averaged(seconds, squared(gradients), beta2)
    fair = {name: second / (1 - beta2**step) for name, second in seconds.items()}
    directions = {name: first / (1 - beta1**step) for name, first in firsts.items()}
    parameters, _ = rmsprop_step(parameters, directions, fair, learning_rate, 1.0, epsilon)
    return parameters, firsts, seconds


def clip_by_norm(gradients, max_norm):
    norm = float(sum(squared_sum.sum() for squared_sum in squared(gradients).values())) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1
    return {name: gradient * factor for name, gradient in gradients.items()}
