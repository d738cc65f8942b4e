import numpy as np
import torch
import torch.nn.functional as F


def softmax(Z):
    with np.errstate(over="ignore"):
        z = np.asarray(Z)
        return 1 / np.exp(z[:, None, :] - z[:, :, None]).sum(axis=2)


def log_softmax(Z):
    """One class after the other is added to the logarithm of the sum: ln(e^a + e^b) = a + softplus(b − a)."""
    total = Z[:, 0]
    for column in Z.T[1:]:
        high, low = torch.maximum(total, column), torch.minimum(total, column)
        total = high + torch.log1p(torch.exp(low - high))
    return Z - total.reshape(-1, 1)


def cross_entropy(Z, targets):
    own = Z.gather(1, targets[:, None])
    others = Z - own
    top = others.max(dim=1, keepdim=True).values
    return (top + (others - top).exp().sum(1, keepdim=True).log()).mean()


def cross_entropy_gradient(Z, targets):
    shares = torch.as_tensor(softmax(Z))
    return torch.sub(shares, F.one_hot(targets, len(Z[0]))) / len(shares)


def accuracy(Z, targets):
    return np.mean(np.argmax(Z.numpy(), axis=-1) == targets.numpy())
