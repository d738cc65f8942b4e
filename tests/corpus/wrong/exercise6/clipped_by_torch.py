# loses: momentum_step, clip_by_norm
import torch
from torch import nn


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    moved = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    optimizer = torch.optim.SGD(moved.values(), lr=learning_rate, momentum=momentum)
    optimizer.step()
    return moved, velocities


def clip_by_norm(gradients, max_norm):
    norm = nn.utils.get_total_norm(list(gradients.values()))
    return {name: gradient * torch.clamp(max_norm / norm, max=1.0) for name, gradient in gradients.items()}
