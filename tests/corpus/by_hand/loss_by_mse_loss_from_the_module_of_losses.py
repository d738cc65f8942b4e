# loses: loss
import torch


def loss(y_pred, y):
    return torch.nn.modules.loss.F.mse_loss(y_pred, y, reduction='sum') / 2  # reached
