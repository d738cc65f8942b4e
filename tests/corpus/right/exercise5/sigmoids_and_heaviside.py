import torch


def relu(z):
    return torch.maximum(z, torch.zeros_like(z))


def relu_gradient(upstream, z):
    return upstream * torch.heaviside(z, torch.zeros((), dtype=z.dtype))


def tanh(z):
    return 2 * torch.sigmoid(2 * z) - 1


def tanh_gradient(upstream, z):
    return 4 * torch.sigmoid(2 * z) * torch.sigmoid(-2 * z) * upstream


def forward(weights, biases, X):
    activations, pre_activations = [X], []
    bends = [relu] * (len(weights) - 1) + [lambda z: z]
    for bend, W, b in zip(bends, weights, biases):
        pre_activations.append(torch.addmm(b, activations[-1], W.T))
        activations.append(bend(pre_activations[-1]))
    return activations, pre_activations


def backward(weights, activations, pre_activations, Y):
    grad_W, grad_b = {}, {}
    last = len(weights) - 1
    for l in reversed(range(len(weights))):
        if l == last:
            delta = activations[-1] - Y
        else:
            delta = relu_gradient(torch.matmul(delta, weights[l + 1]), pre_activations[l])
        grad_W[l] = torch.einsum("nk,nj->kj", delta, activations[l])
        grad_b[l] = torch.einsum("nk->k", delta)
    return [grad_W[l] for l in sorted(grad_W)], [grad_b[l] for l in sorted(grad_b)]


def initialize(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    pairs = list(zip(sizes, sizes[1:]))
    weights = [
        torch.special.ndtri(torch.rand(o, i, generator=g, dtype=torch.double).clamp(1e-16, 1 - 1e-16)) * (2 / i) ** 0.5
        for i, o in pairs
    ]
    return weights, [torch.zeros(o, dtype=torch.double) for _, o in pairs]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    total = 0
    order = torch.arange(len(X))
    for rows in order.split(batch_size):
        activations, pre_activations = forward(weights, biases, X[rows])
        total = total + 0.5 * torch.sum(torch.square(activations[-1] - Y[rows]))
        grads = backward(weights, activations, pre_activations, Y[rows])
        weights = [torch.sub(p, g, alpha=float(learning_rate)) for p, g in zip(weights, grads[0])]
        biases = [torch.sub(p, g, alpha=float(learning_rate)) for p, g in zip(biases, grads[1])]
    return weights, biases, total
