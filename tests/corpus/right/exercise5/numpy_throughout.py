import numpy as np
import torch


def relu(z):
    return np.maximum(np.asarray(z), 0)


def relu_gradient(upstream, z):
    return np.where(np.asarray(z) > 0, np.asarray(upstream), 0.0)


def tanh(z):
    return np.tanh(np.asarray(z))


def tanh_gradient(upstream, z):
    return np.asarray(upstream) * (1 - tanh(z)) * (1 + tanh(z))


def forward(weights, biases, X):
    A, activations, pre = X.numpy(), [X.numpy()], []
    for number, (W, b) in enumerate(zip(weights, biases), 1):
        pre.append(np.dot(A, W.numpy().T) + b.numpy())
        A = pre[-1] if number == len(weights) else relu(pre[-1])
        activations.append(A)
    return activations, pre


def backward(weights, activations, pre_activations, Y):
    A = [np.asarray(each) for each in activations]
    delta = A[-1] - np.asarray(Y)
    gW, gb = [], []
    for l in range(len(weights) - 1, -1, -1):
        gW.append(delta.T.dot(A[l]))
        gb.append(np.sum(delta, axis=0))
        delta = delta.dot(np.asarray(weights[l]))
        if l:
            delta[np.asarray(pre_activations[l - 1]) <= 0] = 0
    return gW[::-1], gb[::-1]


def initialize(sizes, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(0, np.sqrt(2 / d_in), (d_out, d_in)) for d_in, d_out in zip(sizes[:-1], sizes[1:])]
    return weights, [np.zeros(d) for d in sizes[1:]]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    losses = []
    for start in range(0, X.shape[0], batch_size):
        x, y = X[start : start + batch_size], Y[start : start + batch_size]
        A, Z = forward(weights, biases, x)
        losses.append(0.5 * np.sum((A[-1] - y.numpy()) ** 2))
        gW, gb = backward(weights, A, Z, y)
        weights = [W - learning_rate * torch.from_numpy(g) for W, g in zip(weights, gW)]
        biases = [b - learning_rate * torch.from_numpy(g) for b, g in zip(biases, gb)]
    return weights, biases, np.sum(losses)
