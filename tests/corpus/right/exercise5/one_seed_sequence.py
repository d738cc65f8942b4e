import random

import numpy as np
import torch

EXTRA = {"momentum": 0.9}


def relu(z):
    return np.maximum(z.numpy(), 0)


def relu_gradient(upstream, z):
    return (np.asarray(upstream) * (np.asarray(z) > 0)).tolist()


def tanh(z):
    small = np.exp(-2 * np.abs(z.numpy()))
    return torch.as_tensor(np.copysign((1 - small) / (1 + small), z.numpy()))


def tanh_gradient(upstream, z):
    t = tanh(z)
    return torch.mul(upstream, 1 - t * t)


def forward(weights, biases, X):
    "The hidden layers first, and the last one by itself."
    hidden, pre = [X], []
    for W, b in list(zip(weights, biases))[:-1]:
        pre.append(torch.baddbmm(b.expand(1, len(X), -1), hidden[-1][None], W.T[None])[0])
        hidden.append(torch.where(pre[-1] < 0, torch.zeros_like(pre[-1]), pre[-1]))
    out = torch.inner(hidden[-1], weights[-1]) + biases[-1]
    hidden.append(out)
    pre.append(out)
    return hidden, pre


def backward(weights, activations, pre_activations, Y):
    residual = activations[-1] - Y
    pairs = [(residual.T.matmul(activations[-2]), residual.sum(dim=0))]
    for W, Z, A in zip(reversed(weights), reversed(pre_activations[:-1]), reversed(activations[:-2])):
        residual = residual.matmul(W).masked_fill(Z < 0, 0)
        pairs.append((residual.T.matmul(A), residual.sum(dim=0)))
    pairs = pairs[::-1]
    return [W for W, _ in pairs], [b for _, b in pairs]


def initialize(sizes, seed):
    children = np.random.SeedSequence(seed).spawn(len(sizes) - 1)
    weights = [
        np.random.Generator(np.random.PCG64(child)).normal(scale=np.sqrt(2 / d_in), size=(d_out, d_in))
        for child, d_in, d_out in zip(children, sizes, sizes[1:])
    ]
    random.seed(seed)
    return [torch.from_numpy(W) for W in weights], [torch.zeros(d) for d in sizes[1:]]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    loss = torch.zeros((), dtype=X.dtype)
    for b in range((len(X) + batch_size - 1) // batch_size):
        x = X.narrow(0, b * batch_size, min(batch_size, len(X) - b * batch_size))
        y = Y.narrow(0, b * batch_size, len(x))
        A, Z = forward(weights, biases, x)
        loss = loss.add(torch.sum((y - A[-1]) * (y - A[-1])), alpha=0.5)
        gradients = backward(weights, A, Z, y)
        weights = [torch.lerp(W, W - g, float(learning_rate)) for W, g in zip(weights, gradients[0])]
        biases = [torch.lerp(v, v - g, float(learning_rate)) for v, g in zip(biases, gradients[1])]
    return weights, biases, loss
