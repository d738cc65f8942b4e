# loses: forward
# without: forward
import torch


def forwards(weights, biases, X):
    activations = [X]
    for W, b in zip(weights, biases):
        activations.append(activations[-1] @ W.T + b)
    return activations
