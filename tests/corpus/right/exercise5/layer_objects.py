from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass
class Bend:
    name: str

    def __call__(self, z: Tensor) -> Tensor:
        return {"relu": torch.relu, "tanh": torch.tanh, "none": torch.clone}[self.name](z)

    def derivative(self, z: Tensor) -> Tensor:
        if self.name == "relu":
            return (z > 0).type_as(z)
        if self.name == "tanh":
            return 1 - self(z).square()
        return torch.ones_like(z)

    def backward(self, upstream: Tensor, z: Tensor) -> Tensor:
        return upstream * self.derivative(z)


@dataclass
class Layer:
    W: Tensor
    b: Tensor
    bend: Bend

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        z = x @ self.W.T + self.b
        return z, self.bend(z)

    def grad(self, dz: Tensor, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return dz.T @ x, dz.sum(0), dz @ self.W


RELU, TANH, NONE = Bend("relu"), Bend("tanh"), Bend("none")
relu, relu_gradient = RELU.__call__, RELU.backward
tanh, tanh_gradient = TANH, TANH.backward


def network(weights, biases):
    return [Layer(W, b, NONE if W is weights[-1] else RELU) for W, b in zip(weights, biases)]


def forward(weights, biases, X):
    activations, pre_activations = [X], []
    for layer in network(weights, biases):
        z, a = layer.forward(activations[-1])
        pre_activations.append(z)
        activations.append(a)
    return activations, pre_activations


def backward(weights, activations, pre_activations, Y):
    da, grads = activations[-1] - Y, []
    for layer, x, z in reversed(list(zip(network(weights, weights), activations, pre_activations))):
        dW, db, da = layer.grad(layer.bend.backward(da, z), x)
        grads.append((dW, db))
    dWs, dbs = zip(*reversed(grads))
    return list(dWs), list(dbs)


def initialize(sizes, seed):
    state = torch.get_rng_state()
    torch.manual_seed(seed)
    weights = [torch.normal(0.0, (2 / i) ** 0.5, size=(o, i)).double() for i, o in zip(sizes, sizes[1:])]
    torch.set_rng_state(state)
    return weights, [W.new_zeros(len(W)) for W in weights]


def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    loss = X.new_tensor(0)
    count = -(-len(X) // batch_size)
    for number in range(count):
        rows = slice(number * batch_size, (number + 1) * batch_size)
        activations, pre_activations = forward(weights, biases, X[rows])
        loss = loss + torch.dot(*[(activations[-1] - Y[rows]).flatten()] * 2) / 2
        grad_weights, grad_biases = backward(weights, activations, pre_activations, Y[rows])
        weights = [W - learning_rate * grad for W, grad in zip(weights, grad_weights)]
        biases = [b - learning_rate * grad for b, grad in zip(biases, grad_biases)]
    return weights, biases, loss
