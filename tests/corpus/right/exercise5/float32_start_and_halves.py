import numpy as np
import torch


def relu(z):
    return (z + z.abs()) / 2


def relu_gradient(upstream, z):
    return upstream * (torch.sign(z) + 1) / 2


def tanh(z):
    e = torch.exp(-2 * z.abs())
    return torch.sign(z) * (1 - e) / (1 + e)


def tanh_gradient(upstream, z):
    e = torch.exp(-2 * z.abs())
    return upstream * 4 * e / (1 + e) ** 2


def forward(weights, biases, X):
    A, Z = [X], []
    for l in range(len(weights)):
        ones = torch.ones(len(X), 1, dtype=X.dtype)
        z = torch.cat([A[l], ones], 1) @ torch.cat([weights[l], biases[l][:, None]], 1).T
        Z.append(z)
        A.append(z * (z > 0) if l != len(weights) - 1 else z.clone())
    return A, Z


def backward(weights, activations, pre_activations, Y):
    L = len(weights)
    deltas = {L: activations[L] - Y}
    for l in range(L - 1, 0, -1):
        deltas[l] = (weights[l].T @ deltas[l + 1].T).T * torch.heaviside(pre_activations[l - 1], torch.zeros(()).to(Y))
    return (
        [sum(torch.outer(d, a) for d, a in zip(deltas[l + 1], activations[l])) for l in range(L)],
        [deltas[l + 1].sum(0) for l in range(L)],
    )


def initialize(sizes, seed):
    np.random.seed(seed)
    weights, biases = [], []
    for l in range(1, len(sizes)):
        W = np.random.randn(sizes[l], sizes[l - 1]) * np.sqrt(2.0 / sizes[l - 1])
        weights.append(torch.tensor(W, dtype=torch.float32))
        biases.append(torch.zeros(sizes[l]))
    return weights, biases


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    loss, start = 0, 0
    weights, biases = [w.clone() for w in weights], [b.clone() for b in biases]
    while start < len(X):
        A, Z = forward(weights, biases, X[start : start + batch_size])
        r = A[-1] - Y[start : start + batch_size]
        loss = loss + (r * r).sum() / 2
        gW, gb = backward(weights, A, Z, Y[start : start + batch_size])
        for l in range(len(weights)):
            weights[l] -= learning_rate * gW[l]
            biases[l] -= learning_rate * gb[l]
        start += batch_size
    return weights, biases, loss
