"""Numbers that know no overflow need no shift."""

from decimal import Decimal, getcontext

import torch

getcontext().prec = 60


def rows_of(Z):
    return [[Decimal(z) for z in row] for row in Z.double().tolist()]


def as_tensor(rows, Z):
    return torch.tensor([[float(value) for value in row] for row in rows], dtype=Z.dtype)


def softmax(Z):
    weights = [[z.exp() for z in row] for row in rows_of(Z)]
    return as_tensor([[w / sum(row) for w in row] for row in weights], Z)


def log_softmax(Z):
    rows = rows_of(Z)
    totals = [sum(z.exp() for z in row).ln() for row in rows]
    return as_tensor([[z - total for z in row] for row, total in zip(rows, totals)], Z)


def cross_entropy(Z, targets):
    total = sum(-row[t] for row, t in zip(log_softmax(Z).tolist(), targets.tolist()))
    return torch.tensor(total / len(Z), dtype=Z.dtype)


def cross_entropy_gradient(Z, targets):
    rows = softmax(Z).tolist()
    for row, t in zip(rows, targets.tolist()):
        row[t] -= 1
    return torch.tensor(rows, dtype=Z.dtype) / len(rows)


def accuracy(Z, targets):
    return torch.mean(torch.tensor([float(max(range(len(z)), key=z.__getitem__) == t) for z, t in zip(Z.tolist(), targets)]))
