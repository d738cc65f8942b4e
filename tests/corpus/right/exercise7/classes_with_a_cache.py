import torch


class Rows:
    """The numbers of a table that the functions below share."""

    compared_with = torch.nn.CrossEntropyLoss()

    def __init__(self, Z):
        self.Z = Z
        self.shifted = Z - Z.max(dim=1, keepdim=True).values
        self.weights = torch.exp(self.shifted)
        self.sums = self.weights.sum(dim=1, keepdim=True)

    @property
    def shares(self):
        return self.weights / self.sums

    @property
    def logarithms(self):
        return self.shifted - self.sums.log()

    def __len__(self):
        return len(self.Z)


def softmax(Z):
    return Rows(Z).shares


def log_softmax(Z):
    return Rows(Z).logarithms


def cross_entropy(Z, targets):
    rows = Rows(Z)
    picked = [rows.logarithms[i, t] for i, t in enumerate(targets.tolist())]
    return -sum(picked) / len(picked)


def cross_entropy_gradient(Z, targets):
    rows, hot = Rows(Z), torch.zeros_like(Z).scatter_(1, targets[:, None], 1)
    return rows.shares.div_(len(rows)).sub_(hot.div_(len(rows)))


def accuracy(Z, targets):
    return torch.eq(Z.max(dim=1).indices, targets).float().mean().reshape(1)
