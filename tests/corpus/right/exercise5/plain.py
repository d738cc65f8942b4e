import math

import torch


def relu(z):
    return torch.maximum(z, torch.zeros_like(z))


def relu_gradient(upstream, z):
    return upstream * (z > 0)


def tanh(z):
    return torch.tanh(z)


def tanh_gradient(upstream, z):
    return upstream * (1 - tanh(z) ** 2)


def forward(weights, biases, X):
    activations, pre_activations = [X], []
    for l, (W, b) in enumerate(zip(weights, biases)):
        Z = activations[-1] @ W.T + b
        pre_activations.append(Z)
        activations.append(relu(Z) if l < len(weights) - 1 else Z)
    return activations, pre_activations


def backward(weights, activations, pre_activations, Y):
    grad_weights, grad_biases = [], []
    delta = activations[-1] - Y
    for l in reversed(range(len(weights))):
        grad_weights.insert(0, delta.T @ activations[l])
        grad_biases.insert(0, delta.sum(dim=0))
        if l > 0:
            delta = relu_gradient(delta @ weights[l], pre_activations[l - 1])
    return grad_weights, grad_biases


def initialize(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    weights, biases = [], []
    for d_in, d_out in zip(sizes, sizes[1:]):
        weights.append(torch.randn(d_out, d_in, generator=generator, dtype=torch.float64) * math.sqrt(2 / d_in))
        biases.append(torch.zeros(d_out, dtype=torch.float64))
    return weights, biases


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    total = 0
    for i in range(0, len(X), batch_size):
        Xs, Ys = X[i : i + batch_size], Y[i : i + batch_size]
        activations, pre_activations = forward(weights, biases, Xs)
        total = total + ((activations[-1] - Ys) ** 2).sum() / 2
        grad_weights, grad_biases = backward(weights, activations, pre_activations, Ys)
        weights = [W - learning_rate * g for W, g in zip(weights, grad_weights)]
        biases = [b - learning_rate * g for b, g in zip(biases, grad_biases)]
    return weights, biases, total
