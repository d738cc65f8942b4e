# loses: update
import torch


def update(parameters, gradients, learning_rates):
    class Mine(torch.optim.Optimizer):
        def step(self):
            for group in self.param_groups:
                for p in group["params"]:
                    p.data -= group["lr"] * p.slope
    moved = {}
    for name, value in parameters.items():
        p = torch.nn.Parameter(value.clone())
        p.slope = gradients[name]
        Mine([p], dict(lr=learning_rates[name])).step()  # reached
        moved[name] = p.detach()
    return moved
