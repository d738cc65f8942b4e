"""Everything number by number, with Python's own floats and lists."""

import math
import random


def relu(z):
    if z.dim() == 0:
        return max(0.0, float(z))
    return [relu(each) for each in z]


def relu_gradient(upstream, z):
    if z.dim() == 0:
        return float(upstream) if float(z) > 0 else 0.0
    return [relu_gradient(u, each) for u, each in zip(upstream, z)]


def one(z):
    e = math.exp(-2 * abs(z))
    return math.copysign((1 - e) / (1 + e), z)


def tanh(z):
    return one(float(z)) if z.dim() == 0 else [tanh(each) for each in z]


def tanh_gradient(upstream, z):
    if z.dim() == 0:
        return float(upstream) * (1 - one(float(z)) ** 2)
    return [tanh_gradient(u, each) for u, each in zip(upstream, z)]


def forward(weights, biases, X):
    A, Z = [X.tolist()], []
    for l in range(len(weights)):
        W, b = weights[l].tolist(), biases[l].tolist()
        rows = [[sum(a * w for a, w in zip(row, W[k])) + b[k] for k in range(len(W))] for row in A[-1]]
        Z.append(rows)
        A.append([[max(0.0, v) for v in row] for row in rows] if l + 1 < len(weights) else rows)
    return A, Z


def backward(weights, activations, pre_activations, Y):
    A = [each.tolist() for each in activations]
    Z = [each.tolist() for each in pre_activations]
    W = [each.tolist() for each in weights]
    n = len(A[0])
    delta = [[a - y for a, y in zip(*rows)] for rows in zip(A[-1], Y.tolist())]
    gW, gb = [None] * len(W), [None] * len(W)
    for l in range(len(W) - 1, -1, -1):
        outs, ins = len(W[l]), len(W[l][0])
        gW[l] = [[sum(delta[i][k] * A[l][i][j] for i in range(n)) for j in range(ins)] for k in range(outs)]
        gb[l] = [sum(delta[i][k] for i in range(n)) for k in range(outs)]
        if l > 0:
            delta = [
                [
                    sum(delta[i][k] * W[l][k][j] for k in range(outs)) if Z[l - 1][i][j] > 0 else 0.0
                    for j in range(ins)
                ]
                for i in range(n)
            ]
    return gW, gb


def initialize(sizes, seed):
    chance = random.Random(seed)
    weights = [
        [[chance.gauss(0, (2 / d_in) ** 0.5) for _ in range(d_in)] for _ in range(d_out)]
        for d_in, d_out in zip(sizes, sizes[1:])
    ]
    return weights, [[0] * d for d in sizes[1:]]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    loss = 0.0
    for start in range(0, len(X), batch_size):
        import torch

        x, y = X[start : start + batch_size], Y[start : start + batch_size]
        A, Z = ([torch.tensor(v, dtype=torch.float64) for v in each] for each in forward(weights, biases, x))
        loss += 0.5 * float(((A[-1] - y) ** 2).sum())
        gW, gb = backward(weights, A, Z, y)
        weights = [W - learning_rate * torch.tensor(g, dtype=W.dtype) for W, g in zip(weights, gW)]
        biases = [b - learning_rate * torch.tensor(g, dtype=b.dtype) for b, g in zip(biases, gb)]
    return weights, biases, loss
