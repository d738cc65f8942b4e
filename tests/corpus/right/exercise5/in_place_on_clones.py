import math

import torch


def relu(z):
    bent = z.clone()
    bent[bent < 0] = 0
    return bent


def relu_gradient(upstream, z):
    kept = upstream.clone()
    kept.masked_fill_(z <= 0, 0)
    return kept


def tanh(z):
    return z.clone().tanh_()


def tanh_gradient(upstream, z):
    t = z.detach().clone().tanh_()
    return t.square_().neg_().add_(1).mul_(upstream)


def forward(weights, biases, X):
    activations, pre_activations = [X.clone()], []
    for l in range(len(weights)):
        pre_activations.append(torch.mm(activations[-1], weights[l].t()).add_(biases[l]))
        activations.append(pre_activations[-1].clone())
        if l < len(weights) - 1:
            activations[-1].clamp_(0)
    return activations, pre_activations


def backward(weights, activations, pre_activations, Y):
    grad_weights = [torch.zeros_like(W) for W in weights]
    grad_biases = [W.new_zeros(W.shape[0]) for W in weights]
    delta = activations[-1].clone().sub_(Y)
    for l in range(len(weights), 0, -1):
        if l < len(weights):
            delta = delta.mm(weights[l]).mul_(pre_activations[l - 1].gt(0))
        grad_weights[l - 1].addmm_(delta.t(), activations[l - 1])
        grad_biases[l - 1].add_(delta.sum(0))
    return grad_weights, grad_biases


def initialize(sizes, seed):
    torch.manual_seed(seed)
    weights, biases = [], []
    for l in range(1, len(sizes)):
        weights.append(torch.empty(sizes[l], sizes[l - 1]).normal_(0, math.sqrt(2.0 / sizes[l - 1])))
        biases.append(torch.zeros(sizes[l]))
    return weights, biases


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    weights, biases = [W.clone() for W in weights], [b.clone() for b in biases]
    epoch_loss = torch.zeros((), dtype=X.dtype)
    for X_batch, Y_batch in zip(X.split(batch_size), Y.split(batch_size)):
        activations, pre_activations = forward(weights, biases, X_batch)
        epoch_loss += (activations[-1] - Y_batch).pow(2).sum().div(2)
        for values, slopes in zip((weights, biases), backward(weights, activations, pre_activations, Y_batch)):
            for value, slope in zip(values, slopes):
                value -= learning_rate * slope
    return weights, biases, epoch_loss
