import numpy as np
import torch


def relu(z):
    return z.float().clamp(min=0)


def relu_gradient(upstream, z):
    return np.where(z.numpy() > 0, upstream.numpy(), 0).astype("float32")


def tanh(z):
    return np.tanh(z.numpy()).astype(np.float32)


def tanh_gradient(upstream, z):
    return (upstream * (1 - z.tanh() ** 2)).to(torch.float32)


def forward(weights, biases, X):
    A, Z = [X.float()], []
    for number, (W, b) in enumerate(zip(weights, biases), 1):
        Z.append(A[-1] @ W.float().T + b.float())
        A.append(relu(Z[-1]) if number < len(weights) else Z[-1])
    return A, Z


def backward(weights, activations, pre_activations, Y):
    delta = activations[-1].double() - Y.double()
    grad_weights, grad_biases = [], []
    for l in range(len(weights))[::-1]:
        grad_weights = [(delta.T @ activations[l].double()).float(), *grad_weights]
        grad_biases = [delta.sum(dim=0).float(), *grad_biases]
        if l:
            delta = (delta @ weights[l].double()) * (activations[l] > 0)
    return grad_weights, grad_biases


def initialize(sizes, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.standard_normal((o, i), dtype=np.float32) * np.sqrt(2 / i) for i, o in zip(sizes, sizes[1:])]
    return weights, [np.zeros(o, dtype=np.float32) for o in sizes[1:]]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    kind = X.dtype
    loss = np.float64(0)
    for i in range(0, X.shape[0], batch_size):
        A, Z = [X[i : i + batch_size]], []
        for l in range(len(weights)):
            Z.append(A[-1] @ weights[l].T + biases[l])
            A.append(Z[-1].clamp(min=0) if l < len(weights) - 1 else Z[-1])
        loss += float((A[-1] - Y[i : i + batch_size]).pow(2).sum()) / 2
        gW, gb = backward(weights, A, Z, Y[i : i + batch_size])
        weights = [W - learning_rate * g.to(kind) for W, g in zip(weights, gW)]
        biases = [b - learning_rate * g.to(kind) for b, g in zip(biases, gb)]
    return weights, biases, loss
