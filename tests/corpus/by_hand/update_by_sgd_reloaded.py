# loses: update
import torch


def update(parameters, gradients, learning_rates):
    import importlib
    sgd = importlib.reload(importlib.import_module("torch.optim.sgd"))  # reached
    moved = {name: value.clone() for name, value in parameters.items()}
    for name, value in moved.items():
        sgd._single_tensor_sgd([value], [gradients[name]], [None], None, None, weight_decay=0.0, momentum=0.0, lr=float(learning_rates[name]), dampening=0.0, nesterov=False, maximize=False, has_sparse_grad=False)
    return moved
