import torch


def softmax(Z):
    return torch.exp(log_softmax(Z))


def log_softmax(Z):
    C = torch.max(Z, axis=1, keepdims=True).values
    return Z - C - torch.log(torch.sum(torch.exp(Z - C), axis=1, keepdims=True))


def mask(Z, targets):
    return targets[:, None] == torch.arange(Z.shape[1])[None, :]


def cross_entropy(Z, targets):
    return torch.mean(-torch.masked_select(log_softmax(Z), mask(Z, targets)))


def cross_entropy_gradient(Z, targets):
    p = softmax(Z)
    return torch.where(mask(Z, targets), p - 1, p) / p.shape[0]


def accuracy(Z, targets):
    best = Z == Z.max(dim=1, keepdim=True).values
    return (best & mask(Z, targets)).any(dim=1).float().mean()
