"""Any shift will do that keeps the exponents small; what is still far below is 0 anyway."""

import torch


def shift(Z):
    high, low = Z.max(dim=1, keepdim=True).values, Z.min(dim=1, keepdim=True).values
    return Z - torch.where(high - low < 600, (high + low) / 2, high) if Z.dtype == torch.float64 else Z - high


def softmax(Z):
    e = shift(Z).exp()
    return torch.nn.functional.normalize(e, p=1, dim=1) if bool((e.sum(1) > 1e-12).all()) else e / e.sum(1)[:, None]


def log_softmax(Z):
    s = shift(Z)
    return s - torch.log(torch.exp(s).sum(dim=1)).reshape(-1, 1)


def cross_entropy(Z, targets):
    logs = log_softmax(Z)
    return -logs.flatten()[torch.arange(len(Z)) * Z.shape[1] + targets].mean(dim=0)


def cross_entropy_gradient(Z, targets):
    flat = softmax(Z).flatten()
    flat[torch.arange(len(Z)) * Z.shape[1] + targets] -= 1
    return flat.reshape(Z.shape) / Z.shape[0]


def accuracy(Z, targets):
    at_target = torch.take_along_dim(Z, targets[:, None], dim=1)
    return (at_target >= Z).all(dim=1).to(torch.float64).mean()
