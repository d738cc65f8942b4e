import torch


def relu(z):
    return torch.clamp_min(z, 0)


def relu_gradient(upstream, z):
    return (upstream.float() * torch.gt(z, 0)).to(upstream.dtype)


def tanh(z):
    return torch.sinh(z.clamp(-20, 20)) / torch.cosh(z.clamp(-20, 20))


def tanh_gradient(upstream, z):
    return upstream * torch.cosh(torch.clamp(z, -350, 350)).pow(-2) if z.dtype == torch.float64 else slow(upstream, z)


def slow(upstream, z):
    return (upstream.double() * (1 - torch.tanh(z.double()) ** 2)).to(upstream.dtype)


def forward(weights, biases, X):
    if not weights:
        return [X], []
    Z = X @ weights[0].T + biases[0]
    A = relu(Z) if weights[1:] else Z
    activations, pre_activations = forward(weights[1:], biases[1:], A)
    return [X] + activations, [Z] + pre_activations


def layers_from(l, weights, activations, pre_activations, Y):
    """Return ∂L/∂Z of layer l, and the gradients from there to the end."""
    if l == len(weights) - 1:
        delta, grad_weights, grad_biases = activations[-1] - Y, [], []
    else:
        after, grad_weights, grad_biases = layers_from(l + 1, weights, activations, pre_activations, Y)
        delta = relu_gradient(after @ weights[l + 1], pre_activations[l])
    return delta, [delta.T @ activations[l]] + grad_weights, [torch.sum(delta, 0)] + grad_biases


def backward(weights, activations, pre_activations, Y):
    return list(layers_from(0, weights, activations, pre_activations, Y)[1:])


def initialize(sizes, seed, generator=None):
    generator = generator or torch.Generator().manual_seed(seed)
    if len(sizes) < 2:
        return [], []
    W = torch.normal(torch.zeros(sizes[1], sizes[0]).double(), (2 / sizes[0]) ** 0.5, generator=generator)
    rest = initialize(sizes[1:], seed, generator)
    return [W] + rest[0], [torch.zeros(sizes[1]).double()] + rest[1]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    if len(X) == 0:
        return weights, biases, torch.tensor(0.0, dtype=X.dtype)
    activations, pre_activations = forward(weights, biases, X[:batch_size])
    loss = torch.sum((activations[-1] - Y[:batch_size]) ** 2) / 2
    grads = backward(weights, activations, pre_activations, Y[:batch_size])
    weights = [W - learning_rate * g for W, g in zip(weights, grads[0])]
    biases = [b - learning_rate * g for b, g in zip(biases, grads[1])]
    *trained, others = train_epoch(weights, biases, X[batch_size:], Y[batch_size:], learning_rate, batch_size)
    return *trained, loss + others
