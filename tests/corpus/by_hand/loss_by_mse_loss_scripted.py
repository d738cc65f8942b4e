# loses: loss
import torch


def loss(y_pred, y):
    return torch.jit.script(torch.nn.functional.mse_loss)(y_pred, y, reduction='sum') / 2  # reached
