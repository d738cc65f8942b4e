import torch


def softmax(Z):
    return torch.stack([one(row) for row in Z])


def one(row):
    weights = torch.exp(row - row.max())
    return weights / weights.sum()


def log_softmax(Z):
    return torch.stack([row - row.max() - (row - row.max()).exp().sum().log() for row in Z])


def cross_entropy(Z, targets):
    return sum(-log_softmax(Z)[i, targets[i]] for i in range(len(Z))) / len(Z)


def cross_entropy_gradient(Z, targets):
    """−∂ log p_t/∂z: the row of the derivatives of the logarithms, I − 1·pᵀ, that belongs to the target."""
    rows = []
    for row, target in zip(Z, targets):
        p = one(row)
        jacobian = torch.eye(len(row), dtype=row.dtype) - p.expand(len(row), -1)
        rows.append(-jacobian[target] / len(Z))
    return torch.vstack(rows)


def accuracy(Z, targets):
    return torch.as_tensor([z.argmax().item() == t.item() for z, t in zip(Z, targets)], dtype=torch.float64).mean()
