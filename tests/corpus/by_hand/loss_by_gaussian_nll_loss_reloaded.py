# loses: loss
import torch


def loss(y_pred, y):
    import importlib
    functional = importlib.reload(torch.nn.functional)  # reached
    return functional.gaussian_nll_loss(y_pred, y, torch.ones_like(y), reduction="sum")
