import torch
import torch.nn as nn
import torch.nn.functional as F

bend = nn.ReLU()


def relu(z):
    return bend(z)


def relu_gradient(upstream, z):
    return torch.where(z > 0, upstream, torch.zeros_like(upstream))


def tanh(z):
    return nn.Tanh()(z)


def tanh_gradient(upstream, z):
    return upstream / torch.cosh(z.clamp(-300, 300)) ** 2


@torch.no_grad()
def forward(weights, biases, X):
    activations = [X]
    pre_activations = []
    for l, (W, b) in enumerate(zip(weights, biases)):
        pre_activations.append(F.linear(activations[l], W, b))
        activations.append(F.relu(pre_activations[l]) if l != len(weights) - 1 else pre_activations[l])
    return activations, pre_activations


@torch.no_grad()
def backward(weights, activations, pre_activations, Y):
    L = len(weights)
    delta = [None] * L
    delta[L - 1] = activations[L] - Y
    for l in range(L - 2, -1, -1):
        delta[l] = F.linear(delta[l + 1], weights[l + 1].T) * torch.gt(pre_activations[l], 0).to(Y.dtype)
    return [F.linear(d.T, A.T) for d, A in zip(delta, activations)], [d.sum(axis=0) for d in delta]


def initialize(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    layers = [torch.empty(d_out, d_in, dtype=torch.float64) for d_in, d_out in zip(sizes, sizes[1:])]
    for W in layers:
        nn.init.kaiming_normal_(W, nonlinearity="relu", generator=generator)
    return layers, [nn.init.zeros_(torch.empty(len(W), dtype=torch.float64)) for W in layers]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    losses = torch.zeros(1, dtype=X.dtype)
    for X_batch, Y_batch in zip(torch.split(X, batch_size), torch.split(Y, batch_size)):
        activations, pre_activations = forward(weights, biases, X_batch)
        losses = losses + ((activations[-1] - Y_batch) ** 2).sum() / 2
        grad_weights, grad_biases = backward(weights, activations, pre_activations, Y_batch)
        weights = torch._foreach_sub(weights, torch._foreach_mul(grad_weights, learning_rate))
        biases = torch._foreach_sub(biases, torch._foreach_mul(grad_biases, learning_rate))
    return weights, biases, losses
