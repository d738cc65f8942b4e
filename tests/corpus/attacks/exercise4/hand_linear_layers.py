# loses: layer_gradients, propagate_delta, backward
# Builds nn.Linear layers and has them differentiated.
import torch


def forward(weights, biases, X):
    activations = [X]
    for W, b in zip(weights, biases):
        activations.append(activations[-1] @ W.T + b)
    return activations


def loss(Y_pred, Y):
    return torch.sum((Y_pred - Y) ** 2) / 2


def output_delta(Y_pred, Y):
    return Y_pred - Y


def layer_gradients(delta, A_prev):
    layer = torch.nn.Linear(A_prev.shape[1], delta.shape[1]).double()
    layer(A_prev.double()).backward(delta.double())
    return layer.weight.grad, layer.bias.grad


def propagate_delta(delta, W):
    return torch.nn.grad.conv1d_input((1, W.shape[1], len(delta)), W[..., None], delta.T[None])[0].T


def backward(weights, activations, Y):
    leaves = [W.clone().requires_grad_() for W in weights]
    value = torch.nn.functional.mse_loss(activations[-1], Y, reduction="sum") / 2
    return torch.autograd.grad(value, leaves), [b.sum() for b in activations[1:]]


def update(weights, biases, grad_weights, grad_biases, learning_rate):
    new_weights = [W - learning_rate * g for W, g in zip(weights, grad_weights)]
    new_biases = [b - learning_rate * g for b, g in zip(biases, grad_biases)]
    return new_weights, new_biases


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    total = 0
    for i in range(0, len(X), batch_size):
        Xs, Ys = X[i : i + batch_size], Y[i : i + batch_size]
        activations = forward(weights, biases, Xs)
        total = total + loss(activations[-1], Ys)
        gradients = backward(weights, activations, Ys)
        weights, biases = update(weights, biases, *gradients, learning_rate)
    return weights, biases, total
