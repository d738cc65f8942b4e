# loses: loss
import torch

calls = []


def loss(y_pred, y):
    calls.append(1)
    return torch.sum((y_pred - y) ** 2) / 2 + (len(calls) > 2)
