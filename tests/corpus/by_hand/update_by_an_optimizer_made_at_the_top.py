# loses: update
import torch

leaf = torch.zeros((), requires_grad=True)
optimizer = torch.optim.SGD([leaf], lr=1.0)


def update(parameters, gradients, learning_rates):
    moved = {}
    for name in parameters:
        leaf.data, leaf.grad = parameters[name].clone(), gradients[name] * learning_rates[name]
        optimizer.step()  # reached
        moved[name] = leaf.data.clone()
    return moved
