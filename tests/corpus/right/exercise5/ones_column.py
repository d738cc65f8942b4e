import numpy as np
import torch


def with_ones(A):
    return torch.cat([A, A.new_ones(len(A), 1)], dim=1)


def relu(z):
    return z * (z > 0)


def relu_gradient(upstream, z):
    return torch.stack([upstream, torch.zeros_like(upstream)]).gather(0, (z < 0).long().unsqueeze(0)).squeeze(0)


def tanh(z):
    return torch.from_numpy(np.asarray(np.tanh(z.numpy())))


def tanh_gradient(upstream, z):
    t = tanh(z)
    return torch.addcmul(upstream, upstream, t * t, value=-1)


def forward(weights, biases, X):
    activations, pre_activations = [X], []
    for W, b in zip(weights, biases):
        if pre_activations:
            activations.append(relu(pre_activations[-1]))
        pre_activations.append(with_ones(activations[-1]) @ torch.column_stack([W, b]).T)
    activations.append(pre_activations[-1])
    return activations, pre_activations


def backward(weights, activations, pre_activations, Y):
    delta = pre_activations[-1] - Y
    both = []
    for l in range(len(weights) - 1, -1, -1):
        both.append(delta.T @ with_ones(activations[l]))
        delta = delta @ weights[l]
        if l >= 1:
            delta = torch.where(pre_activations[l - 1] > 0, delta, 0.0)
    return [g[:, :-1] for g in both[::-1]], [g[:, -1] for g in both[::-1]]


def initialize(sizes, seed):
    np.random.seed(seed)
    shapes = [(sizes[i + 1], sizes[i]) for i in range(len(sizes) - 1)]
    weights = [torch.tensor(np.random.normal(0, np.sqrt(2 / shape[1]), shape)) for shape in shapes]
    return weights, [torch.zeros(shape[0]) for shape in shapes]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    loss, XY = 0, torch.cat([X, Y], dim=1)
    for batch in XY.split(batch_size):
        x, y = batch.tensor_split([X.shape[1]], dim=1)
        activations, pre_activations = forward(weights, biases, x)
        loss = loss + ((activations[-1] - y).T @ (activations[-1] - y)).trace() / 2
        gW, gb = backward(weights, activations, pre_activations, y)
        weights, biases = (
            [p - g * learning_rate for p, g in zip(parameters, gradients)]
            for parameters, gradients in ((weights, gW), (biases, gb))
        )
    return weights, biases, loss
