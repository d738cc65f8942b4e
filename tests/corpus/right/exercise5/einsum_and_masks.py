import torch


def relu(z):
    return (z + z.abs()) / 2


def relu_gradient(upstream, z):
    return torch.where(z.gt(0), upstream, upstream.new_zeros(()))


def tanh(z):
    small = torch.exp(-2 * z.abs())
    return torch.copysign((1 - small) / (1 + small), z)


def tanh_gradient(upstream, z):
    small = torch.exp(-2 * z.abs())
    return upstream * 4 * small / (1 + small).square()


def forward(weights, biases, X):
    activations, pre_activations = (X,), ()
    for layer, (W, b) in enumerate(zip(weights, biases), 1):
        Z = torch.einsum("ni,oi->no", activations[-1], W).add(b)
        pre_activations += (Z,)
        activations += (Z if layer == len(weights) else relu(Z),)
    return activations, pre_activations


def backward(weights, activations, pre_activations, Y):
    def down(layer, delta):
        here = (delta.T.matmul(activations[layer]), torch.einsum("no->o", delta))
        if layer == 0:
            return [here]
        return [*down(layer - 1, relu_gradient(delta @ weights[layer], pre_activations[layer - 1])), here]

    grad_weights, grad_biases = zip(*down(len(weights) - 1, activations[-1] - Y))
    return grad_weights, grad_biases


def initialize(sizes, seed):
    torch.manual_seed(seed)
    weights = [torch.empty(o, i, dtype=torch.float64).normal_(0, (2 / i) ** 0.5) for i, o in zip(sizes, sizes[1:])]
    return weights, [torch.zeros(len(W), dtype=W.dtype) for W in weights]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    total = 0.0
    for x, y in zip(X.split(batch_size), Y.split(batch_size)):
        activations, pre_activations = forward(weights, biases, x)
        total += 0.5 * float(((activations[-1] - y) ** 2).sum())
        slopes = backward(weights, activations, pre_activations, y)
        weights, biases = ([p - learning_rate * g for p, g in zip(*pair)] for pair in zip((weights, biases), slopes))
    return weights, biases, total
