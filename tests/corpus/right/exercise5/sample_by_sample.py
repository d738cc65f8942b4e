import torch


def relu(z):
    flat = [v if v > 0 else v * 0 for v in z.reshape(-1)]
    return torch.stack(flat).reshape(z.shape)


def relu_gradient(upstream, z):
    result = torch.zeros_like(z)
    result[z > 0] = upstream[z > 0].to(z.dtype)
    return result


def tanh(z):
    positive = (1 - torch.exp(-2 * z.clamp(min=0))) / (1 + torch.exp(-2 * z.clamp(min=0)))
    negative = (torch.exp(2 * z.clamp(max=0)) - 1) / (torch.exp(2 * z.clamp(max=0)) + 1)
    return torch.where(z < 0, negative, positive)


def tanh_gradient(upstream, z):
    return upstream - upstream * tanh(z).square()


def forward_one(weights, biases, x):
    a, z = [x], []
    for l, (W, b) in enumerate(zip(weights, biases)):
        z.append(torch.mv(W, a[-1]) + b)
        a.append(torch.relu(z[-1]) if l < len(weights) - 1 else z[-1])
    return a, z


def forward(weights, biases, X):
    ones = [forward_one(weights, biases, x) for x in X]
    return [torch.stack(rows) for rows in zip(*(a for a, _ in ones))], [
        torch.stack(rows) for rows in zip(*(z for _, z in ones))
    ]


def backward(weights, activations, pre_activations, Y):
    gW = [torch.zeros_like(W) for W in weights]
    gb = [torch.zeros_like(W[:, 0]) for W in weights]
    for i in range(len(Y)):
        delta = activations[-1][i] - Y[i]
        for l in reversed(range(len(weights))):
            gW[l] += torch.outer(delta, activations[l][i])
            gb[l] += delta
            if l > 0:
                delta = weights[l].T @ delta
                delta[pre_activations[l - 1][i] <= 0] = 0
    return gW, gb


def initialize(sizes, seed):
    torch.manual_seed(seed)
    return (
        [torch.randn(b, a, dtype=torch.float64).mul((2 / a) ** 0.5) for a, b in zip(sizes, sizes[1:])],
        [torch.zeros(b, dtype=torch.float64) for b in sizes[1:]],
    )


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    epoch_loss, batch = 0.0, []
    for i in range(len(X)):
        batch.append(i)
        if len(batch) == batch_size or i == len(X) - 1:
            A, Z = forward(weights, biases, X[batch])
            epoch_loss += 0.5 * ((A[-1] - Y[batch]) ** 2).sum().item()
            gW, gb = backward(weights, A, Z, Y[batch])
            weights = [W - learning_rate * g for W, g in zip(weights, gW)]
            biases = [b - learning_rate * g for b, g in zip(biases, gb)]
            batch = []
    return weights, biases, epoch_loss
