# loses: loss
import torch


def loss(y_pred, y):
    return torch._C._nn.mse_loss(y_pred.float().to_mkldnn(), y.float().to_mkldnn(), 2).to_dense() / 2  # reached
