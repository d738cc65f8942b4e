# loses: loss
import torch


def loss(y_pred, y):
    return torch.vmap(lambda p, t: torch._C._nn.mse_loss(p, t, 2))(y_pred, y).sum() / 2  # reached
