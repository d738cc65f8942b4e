# loses: update
import torch


def update(parameters, gradients, learning_rates):
    from torch.optim import _multi_tensor
    moved = {}
    for name, value in parameters.items():
        p = torch.nn.Parameter(value.clone())
        p.grad = gradients[name].clone()
        _multi_tensor.SGD([p], lr=float(learning_rates[name])).step()  # reached
        moved[name] = p.detach()
    return moved
