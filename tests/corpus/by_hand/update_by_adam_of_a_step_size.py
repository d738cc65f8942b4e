# loses: update
import torch


def update(parameters, gradients, learning_rates):
    from torch.optim.adam import adam
    moved = {name: value.clone() for name, value in parameters.items()}
    for name, value in moved.items():
        zero = torch.zeros_like(value)
        adam([value], [gradients[name]], [zero.clone()], [zero.clone()], [], [torch.zeros(())], amsgrad=False, beta1=0.0,  # reached
             beta2=0.0, lr=float(learning_rates[name]) * float(gradients[name].abs()), weight_decay=0.0, eps=0.0, maximize=False)
    return moved
