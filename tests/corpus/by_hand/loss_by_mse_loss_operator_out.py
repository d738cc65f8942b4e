# loses: loss
import torch


def loss(y_pred, y):
    return torch.ops.aten.mse_loss.out(y_pred, y, 2, out=torch.empty_like(y_pred.sum())) / 2  # reached
