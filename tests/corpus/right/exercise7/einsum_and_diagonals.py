import torch


def softmax(Z):
    weights = torch.exp(Z - Z.max(dim=1).values.unsqueeze(1))
    return torch.einsum("nk,n->nk", weights, weights.sum(dim=1).reciprocal())


def log_softmax(Z):
    Z = Z - Z.max(dim=1).values[:, None]
    return Z - torch.log(torch.einsum("nk->n", torch.exp(Z)))[:, None]


def cross_entropy(Z, targets):
    return -torch.diagonal(log_softmax(Z)[:, targets]).mean()


def cross_entropy_gradient(Z, targets):
    n, k = Z.shape
    hot = torch.eye(k, dtype=Z.dtype).index_select(0, targets)
    return torch.lerp(softmax(Z), softmax(Z) - hot, 1.0) * (1.0 / n)


def accuracy(Z, targets):
    wrong = torch.count_nonzero(Z.argmax(dim=1) - targets)
    return 1 - wrong / len(targets)
