import torch


def relu(z):
    return (z + z.abs()) / 2


def relu_gradient(upstream, z):
    return upstream * (1 + torch.sign(z)) / 2


def tanh(z):
    e = torch.expm1(-2 * torch.abs(z))
    return -torch.sign(z) * e / (2 + e)


def tanh_gradient(upstream, z):
    e = torch.exp(-2 * torch.abs(z))
    return upstream * 4 * e / (1 + e) ** 2


def forward(weights, biases, X):
    A, Z = [X], []
    for W, b in zip(weights[:-1], biases[:-1]):
        Z += [A[-1].matmul(W.transpose(0, 1)) + b.unsqueeze(0)]
        A += [relu(Z[-1])]
    last = A[-1].matmul(weights[-1].transpose(0, 1)) + biases[-1].unsqueeze(0)
    return A + [last], Z + [last]


def backward(weights, activations, pre_activations, Y):
    deltas = [activations[-1] - Y]
    for W, Z in zip(weights[:0:-1], pre_activations[-2::-1]):
        deltas.insert(0, relu_gradient(deltas[0] @ W, Z))
    grad_weights = [delta.T @ A for delta, A in zip(deltas, activations)]
    return grad_weights, [torch.ones(len(delta), dtype=delta.dtype) @ delta for delta in deltas]


def initialize(sizes, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    weights, biases = [], []
    for d_in, d_out in zip(sizes[:-1], sizes[1:]):
        u, v = torch.rand(2, d_out, d_in, generator=generator, dtype=torch.float64)
        weights.append(torch.sqrt(-2 * torch.log(1 - u)) * torch.cos(2 * torch.pi * v) * (2 / d_in) ** 0.5)
        biases.append(torch.zeros(d_out, dtype=torch.float64))
    return weights, biases


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    losses = []
    at = 0
    while at < len(X):
        x, y = X[at : at + batch_size], Y[at : at + batch_size]
        A, Z = forward(weights, biases, x)
        losses.append(torch.norm(A[-1] - y) ** 2 / 2)
        gW, gb = backward(weights, A, Z, y)
        weights = list(map(lambda p, g: p - learning_rate * g, weights, gW))
        biases = list(map(lambda p, g: p - learning_rate * g, biases, gb))
        at += batch_size
    return weights, biases, torch.stack(losses).sum()
