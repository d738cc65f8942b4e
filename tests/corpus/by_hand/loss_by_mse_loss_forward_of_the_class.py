# loses: loss
import torch


def loss(y_pred, y):
    class Sum:
        reduction = "sum"
    return torch.nn.MSELoss.forward(Sum(), y_pred, y) / 2  # reached
