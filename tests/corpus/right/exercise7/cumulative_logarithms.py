import functools

import torch


def total(Z):
    return torch.logcumsumexp(Z, dim=1)[:, -1:]


def softmax(Z):
    return (Z - total(Z)).exp()


def log_softmax(Z):
    return Z - functools.reduce(torch.logaddexp, Z.unbind(1))[:, None]


def cross_entropy(Z, targets):
    rows = range(len(Z))
    return (total(Z).squeeze(1) - Z[rows, targets]).mean()


def cross_entropy_gradient(Z, targets):
    gradient = softmax(Z)
    gradient.index_put_((torch.arange(len(Z)), targets), torch.tensor(-1.0, dtype=Z.dtype), accumulate=True)
    return gradient.mul_(1 / len(Z))


def accuracy(Z, targets):
    order = torch.argsort(Z, dim=1, descending=True)
    return order[:, 0].eq(targets).sum() / len(Z)
