# loses: loss
import torch


def loss(y_pred, y):
    r = y_pred - y
    return torch.nn.functional.nll_loss(-(r * r).reshape(-1, 1), torch.zeros(len(r), dtype=torch.long), reduction="sum") / 2  # reached
