# loses: loss
import torch


def loss(y_pred, y):
    return torch._C._jit_get_operation('aten::mse_loss')[0](y_pred, y, 2) / 2  # reached
