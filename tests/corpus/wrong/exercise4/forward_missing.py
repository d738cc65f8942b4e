# loses: forward
import torch


def forwards(weights, biases, X):
    activations = [X]
    for W, b in zip(weights, biases):
        activations.append(activations[-1] @ W.T + b)
    return activations


def loss(Y_pred, Y):
    return torch.sum((Y_pred - Y) ** 2) / 2


def output_delta(Y_pred, Y):
    return Y_pred - Y


def layer_gradients(delta, A_prev):
    return delta.T @ A_prev, delta.sum(dim=0)


def propagate_delta(delta, W):
    return delta @ W


def backward(weights, activations, Y):
    delta = output_delta(activations[-1], Y)
    grad_weights, grad_biases = [], []
    for at in reversed(range(len(weights))):
        grad_W, grad_b = layer_gradients(delta, activations[at])
        grad_weights.insert(0, grad_W)
        grad_biases.insert(0, grad_b)
        delta = propagate_delta(delta, weights[at])
    return grad_weights, grad_biases


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
