# loses: loss
import torch


def loss(y_pred, y):
    import importlib, sys
    sys.modules.pop("torch.nn.modules.loss")
    loss = importlib.import_module("torch.nn.modules.loss")  # reached
    return loss.MSELoss(reduction="sum")(y_pred, y) / 2
