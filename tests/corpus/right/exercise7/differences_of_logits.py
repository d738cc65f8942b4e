import torch


def softmax(Z):
    """One over the sum of what the others weigh beside it."""
    return torch.reciprocal(torch.exp(Z.unsqueeze(1) - Z.unsqueeze(2)).sum(dim=2))


def log_softmax(Z):
    best, _ = torch.max(Z, dim=1, keepdim=True)
    return torch.stack([column - best[:, 0] - torch.log(torch.exp(Z - best).sum(1)) for column in Z.T], dim=1)


def cross_entropy(Z, targets):
    best = Z.amax(1)
    spread = (Z - best[:, None]).exp().sum(1).log()
    return (spread + best - Z[torch.arange(len(Z)), targets]).sum() / Z.size(0)


def cross_entropy_gradient(Z, targets):
    right = torch.eye(Z.shape[1], dtype=Z.dtype).index_select(0, targets)
    return torch.einsum("nk,->nk", softmax(Z) - right, torch.tensor(1 / len(Z), dtype=Z.dtype))


def accuracy(Z, targets):
    right = Z[torch.arange(len(targets)), targets]
    return 1 - (Z > right[:, None]).any(dim=1).double().mean()
