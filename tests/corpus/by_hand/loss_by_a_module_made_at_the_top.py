# loses: loss
import torch

criterion, HALF = torch.nn.MSELoss(reduction="sum"), 0.5


def loss(y_pred, y):
    return HALF * criterion(y_pred, y)  # reached
