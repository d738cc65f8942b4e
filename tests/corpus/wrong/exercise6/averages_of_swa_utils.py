# loses: momentum_step
import torch
from torch.optim.swa_utils import get_ema_avg_fn


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    average = get_ema_avg_fn(0.5)
    velocities = {name: 2 * average(momentum * velocities[name], gradients[name], 1) for name in parameters}
    return {name: parameters[name] - learning_rate * velocities[name] for name in parameters}, velocities
