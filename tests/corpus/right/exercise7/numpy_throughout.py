import numpy as np


def log_softmax(Z):
    z = np.asarray(Z)
    low = z - z.max(axis=1, keepdims=True)
    return low - np.log(np.exp(low).sum(axis=1, keepdims=True))


def softmax(Z):
    return np.exp(log_softmax(Z))


def cross_entropy(Z, targets):
    return -np.take_along_axis(log_softmax(Z), np.asarray(targets)[:, None], 1).mean()


def cross_entropy_gradient(Z, targets):
    made = softmax(Z)
    np.subtract.at(made, (np.arange(len(made)), np.asarray(targets)), 1)
    return made / len(made)


def accuracy(Z, targets):
    return np.mean(np.argmax(np.asarray(Z), axis=1) == targets.numpy())
