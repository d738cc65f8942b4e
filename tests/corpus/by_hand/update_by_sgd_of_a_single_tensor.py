# loses: update
import torch


def update(parameters, gradients, learning_rates):
    from torch.optim.sgd import _single_tensor_sgd
    moved = {name: value.clone() for name, value in parameters.items()}
    for name, value in moved.items():
        _single_tensor_sgd([value], [gradients[name]], [None], None, None, weight_decay=0.0, momentum=0.0, lr=float(learning_rates[name]), dampening=0.0, nesterov=False, maximize=False, has_sparse_grad=False)  # reached
    return moved
