# loses: loss
import torch


def loss(y_pred, y):
    from torch._decomp import decomposition_table
    return decomposition_table[torch.ops.aten.mse_loss.default](y_pred, y, 2) / 2  # reached
