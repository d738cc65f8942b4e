# loses: loss
import torch


def loss(y_pred, y):
    import runpy
    functional = runpy.run_path(torch.nn.functional.__file__, run_name="torch.nn.functional")  # reached
    return functional["gaussian_nll_loss"](y_pred, y, torch.ones_like(y), reduction="sum")
