"""backward works out the mask from the activations, and the loss on the way."""

import torch
from torch.nn import functional as F


def relu(z):
    return F.threshold(z, 0, 0)


def relu_gradient(upstream, z):
    return upstream * torch.sign(relu(z))


def tanh(z):
    return F.tanhshrink(z).neg().add(z) if z.abs().max() < 1 else torch.tanh(z)


def tanh_gradient(upstream, z):
    s = torch.sigmoid(2 * z.abs())
    return upstream * (4 * s * (1 - s)) if z.abs().max() < 5 else upstream * (1 - torch.tanh(z).pow(2))


def forward(weights, biases, X):
    activations, pre_activations = [], []
    A, last = X, len(weights)
    for l in range(1, last + 1):
        activations.append(A)
        Z = torch.einsum("ij,kj->ik", A, weights[l - 1]) + biases[l - 1].expand(len(A), -1)
        pre_activations.append(Z)
        A = Z if l == last else relu(Z)
    return [*activations, A], pre_activations


def backward(weights, activations, _, Y):
    def slope(l):
        if l == len(weights):
            return torch.ones_like(activations[l])
        return torch.sign(activations[l])

    deltas = {len(weights): activations[-1] - Y}
    for l in range(len(weights) - 1, 0, -1):
        deltas[l] = torch.tensordot(deltas[l + 1], weights[l], dims=([1], [0])) * slope(l)
    order = range(1, len(weights) + 1)
    return (
        [torch.tensordot(deltas[l], activations[l - 1], dims=([0], [0])) for l in order],
        [deltas[l].cumsum(0)[-1] for l in order],
    )


def initialize(sizes, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        layers = [torch.nn.Linear(i, o, dtype=torch.float64) for i, o in zip(sizes, sizes[1:])]
        for layer in layers:
            torch.nn.init.normal_(layer.weight, std=(2 / layer.in_features) ** 0.5)
            torch.nn.init.constant_(layer.bias, 0)
    return [layer.weight.detach() for layer in layers], [layer.bias.detach() for layer in layers]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    losses = []
    starts = [*range(0, len(X), batch_size)]
    for begin, end in zip(starts, [*starts[1:], len(X)]):
        x, y = X[begin:end], Y[begin:end]
        activations, pre_activations = forward(weights, biases, x)
        losses += [0.5 * torch.linalg.matrix_norm(activations[-1] - y).square()]
        grad_weights, grad_biases = backward(weights, activations, pre_activations, y)
        weights = [W.add(g, alpha=-float(learning_rate)) for W, g in zip(weights, grad_weights)]
        biases = [b.add(g, alpha=-float(learning_rate)) for b, g in zip(biases, grad_biases)]
    return weights, biases, sum(losses)
