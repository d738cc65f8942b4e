import functools
import itertools
import operator

import torch


def relu(z):
    return z.relu()


def relu_gradient(upstream, z):
    return upstream * z.sign().clamp(min=0)


def tanh(z):
    return torch.tanh(z)


def tanh_gradient(upstream, z):
    t = tanh(z)
    return upstream * (1 - t) * (1 + t)


def forward(weights, biases, X):
    layers = tuple(zip(weights, biases))

    def layer(before, at):
        W, b = layers[at]
        given = before[1] if at else X
        Z = given @ W.mT + b
        return Z, (relu(Z) if at + 1 < len(layers) else Z)

    both = tuple(itertools.accumulate(range(len(layers)), layer, initial=(None, X)))[1:]
    return (X, *(A for _, A in both)), tuple(Z for Z, _ in both)


def backward(weights, activations, pre_activations, Y):
    def back(deltas, at):
        return (relu_gradient(deltas[0] @ weights[at], pre_activations[at - 1]), *deltas)

    deltas = functools.reduce(back, range(len(weights) - 1, 0, -1), (activations[-1] - Y,))
    return tuple(d.T @ A for d, A in zip(deltas, activations)), tuple(functools.reduce(operator.add, d) for d in deltas)


def initialize(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    weights = tuple(
        torch.randn((d_out, d_in), generator=generator) * (2 / d_in) ** 0.5 for d_in, d_out in itertools.pairwise(sizes)
    )
    return weights, tuple(torch.zeros(len(W)) for W in weights)


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    def step(state, begin):
        weights, biases, so_far = state
        batch = slice(begin, begin + batch_size)
        outputs = forward(weights, biases, X[batch])
        loss = (outputs[0][-1] - Y[batch]).square().sum() / 2
        stepped = (
            tuple(value - learning_rate * slope for value, slope in zip(values, slopes))
            for values, slopes in zip((weights, biases), backward(weights, *outputs, Y[batch]))
        )
        return (*stepped, so_far + loss)

    return functools.reduce(step, range(0, len(X), batch_size), (tuple(weights), tuple(biases), 0.0))
