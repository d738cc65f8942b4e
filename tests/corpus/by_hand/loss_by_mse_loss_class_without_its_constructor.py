# loses: loss
import torch


def loss(y_pred, y):
    criterion = object.__new__(torch.nn.MSELoss)
    torch.nn.Module.__init__(criterion)
    criterion.reduction = "sum"
    return criterion(y_pred, y) / 2  # reached
