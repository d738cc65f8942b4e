import torch


def softmax(Z):
    P = Z.clone()
    P -= P.max(dim=1, keepdim=True)[0]
    P.exp_()
    P /= P.sum(dim=1, keepdim=True)
    return P


def log_softmax(Z):
    L = Z.detach().clone()
    for row in L:
        row -= row.max()
        row -= row.exp().sum().log()
    return L


def cross_entropy(Z, targets):
    loss = torch.zeros((), dtype=Z.dtype)
    for row, target in zip(log_softmax(Z), targets):
        loss -= row[target]
    loss /= len(targets)
    return loss


def cross_entropy_gradient(Z, targets):
    G = softmax(Z)
    for i in range(G.shape[0]):
        G[i, targets[i]] -= 1
    G /= G.shape[0]
    return G


def accuracy(Z, targets):
    right = 0
    for row, target in zip(Z, targets):
        if row.argmax() == target:
            right += 1
    return right / len(Z)
