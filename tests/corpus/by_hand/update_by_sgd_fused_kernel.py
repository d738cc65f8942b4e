# loses: update
import torch


def update(parameters, gradients, learning_rates):
    moved = {name: value.clone() for name, value in parameters.items()}
    for name, value in moved.items():
        torch._fused_sgd_([value], [gradients[name].clone()], [], weight_decay=0.0, momentum=0.0, lr=float(learning_rates[name]), dampening=0.0, nesterov=False, maximize=False, is_first_step=True)  # reached
    return moved
