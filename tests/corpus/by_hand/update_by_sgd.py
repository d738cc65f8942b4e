# loses: update
import torch


def update(parameters, gradients, learning_rates):
    moved = {}
    for name, value in parameters.items():
        p = torch.nn.Parameter(value.clone())
        p.grad = gradients[name].clone()
        torch.optim.SGD([p], lr=float(learning_rates[name])).step()  # reached
        moved[name] = p.detach()
    return moved
