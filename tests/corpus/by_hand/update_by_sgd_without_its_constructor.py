# loses: update
import torch


def update(parameters, gradients, learning_rates):
    moved = {}
    for name, value in parameters.items():
        p = torch.nn.Parameter(value.clone())
        p.grad = gradients[name].clone()
        optimizer = object.__new__(torch.optim.SGD)
        optimizer.param_groups = [dict(params=[p], lr=float(learning_rates[name]), momentum=0, dampening=0, weight_decay=0,
                                       nesterov=False, maximize=False, foreach=False, differentiable=False, fused=None)]
        optimizer.state = {p: {}}
        getattr(torch.optim.SGD.step, "__wrapped__", torch.optim.SGD.step)(optimizer)  # reached
        moved[name] = p.detach()
    return moved
