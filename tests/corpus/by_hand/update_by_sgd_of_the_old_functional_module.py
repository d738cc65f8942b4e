# loses: update
import torch


def update(parameters, gradients, learning_rates):
    from torch.optim import _functional
    moved = {name: value.clone() for name, value in parameters.items()}
    for name, value in moved.items():
        _functional.sgd([value], [gradients[name]], [None], weight_decay=0.0, momentum=0.0, lr=float(learning_rates[name]), dampening=0.0, nesterov=False, maximize=False)  # reached
    return moved
