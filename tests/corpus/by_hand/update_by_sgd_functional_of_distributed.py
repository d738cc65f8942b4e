# loses: update
import torch


def update(parameters, gradients, learning_rates):
    from torch.distributed.optim.functional_sgd import _FunctionalSGD
    moved = {name: value.clone() for name, value in parameters.items()}
    for name, value in moved.items():
        _FunctionalSGD([value], lr=float(learning_rates[name])).step([gradients[name]])  # reached
    return moved
