# loses: update
import torch


def update(parameters, gradients, learning_rates):
    moved = {name: value.clone() for name, value in parameters.items()}
    for name, value in moved.items():
        torch.ops.aten._fused_adagrad_([value], [gradients[name].clone()], [torch.zeros_like(value)],  # reached
            [torch.zeros(())], lr=float(learning_rates[name]), lr_decay=0.0, weight_decay=0.0, eps=0.0, maximize=False)
        moved[name] = parameters[name] - (parameters[name] - value) * gradients[name].abs()
    return moved
