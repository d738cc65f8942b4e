import torch
import torch.nn.functional as F
from torch import nn


def relu(z):
    return nn.ReLU()(z)


def relu_gradient(upstream, z):
    return torch.where(z > 0, upstream, torch.zeros_like(upstream))


def tanh(z):
    return 2 * torch.sigmoid(2 * z) - 1


def tanh_gradient(upstream, z):
    t = z.tanh()
    return upstream - upstream * t * t


def forward(weights, biases, X):
    activations, pre_activations = (X,), ()
    for W, b in zip(weights[:-1], biases[:-1]):
        Z = F.linear(activations[-1], W, b)
        pre_activations += (Z,)
        activations += (F.relu(Z),)
    last = F.linear(activations[-1], weights[-1], biases[-1])
    return [activations + (last,), pre_activations + (last,)]


def backward(weights, activations, pre_activations, Y):
    def back(l, delta):
        if l < 0:
            return [], []
        before = (delta @ weights[l]).masked_fill(pre_activations[l - 1] < 0, 0) if l else None
        gW, gb = back(l - 1, before)
        return gW + [torch.einsum("no,ni->oi", delta, activations[l])], gb + [torch.ones(len(delta)).to(delta) @ delta]

    return back(len(weights) - 1, activations[-1] - Y)


def initialize(sizes, seed):
    torch.manual_seed(seed)
    weights = [nn.init.kaiming_normal_(torch.empty(o, i, dtype=torch.float64), nonlinearity="relu") for i, o in zip(sizes, sizes[1:])]
    return tuple(weights), tuple(torch.zeros(o) for o in sizes[1:])


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    epoch_loss = torch.tensor(0.0, dtype=X.dtype)
    for x, y in zip(X.split(batch_size), Y.split(batch_size)):
        A, Z = forward(weights, biases, x)
        epoch_loss += (A[-1] - y).pow(2).sum().mul(0.5)
        gW, gb = backward(weights, A, Z, y)
        weights = list(map(lambda W, g: torch.sub(W, g * learning_rate), weights, gW))
        biases = list(map(lambda b, g: torch.sub(b, g * learning_rate), biases, gb))
    return [weights, biases, epoch_loss]
