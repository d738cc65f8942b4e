# Layer objects with forward, backward and grad of their own, as a small framework has them.
import torch


class Layer:
    def __init__(self, a, b):
        self.a, self.b = a, b
        self.grad = {}

    def forward(self, x):
        self.x = x
        return self.a * x + self.b

    __call__ = forward

    def backward(self, grad):
        self.grad = {"a": (grad * self.x).sum(), "b": grad.sum()}
        return grad * self.a


class Network:
    def __init__(self, parameters):
        self.layers = [Layer(parameters[f"a{i}"], parameters[f"b{i}"]) for i in (1, 2)]

    def forward(self, x):
        outputs = []
        for layer in self.layers:
            x = layer(x)
            outputs.append(x)
        return outputs

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)

    def zero_grad(self):
        for layer in self.layers:
            layer.grad = {}

    @property
    def gradients(self):
        return {f"{k}{i}": v for i, layer in enumerate(self.layers, 1) for k, v in layer.grad.items()}


class SGD:
    def __init__(self, rates):
        self.rates = rates

    def step(self, parameters, gradients):
        return {k: parameters[k] - self.rates[k] * gradients[k] for k in ("a1", "b1", "a2", "b2")}


def forward(parameters, x):
    return tuple(Network(parameters).forward(x))


def loss(y_pred, y):
    return 0.5 * torch.sum((y_pred - y) ** 2)


def manual_gradients(g, y_pred, y):
    last = Layer(torch.ones(()), torch.zeros(()))
    last(g)
    last.backward(y_pred - y)
    return {f"{k}2": v for k, v in last.grad.items()}


def chain_rule_gradients(parameters, x, y_pred, y):
    network = Network(parameters)
    network.zero_grad()
    network.forward(x)
    network.backward(y_pred - y)
    return {k: v for k, v in network.gradients.items() if k.endswith("1")}


def update(parameters, gradients, learning_rates):
    return SGD(learning_rates).step(parameters, gradients)


def train_step(parameters, x, y, learning_rates):
    network = Network(parameters)
    _, y_pred = network.forward(x)
    network.backward(y_pred - y)
    return SGD(learning_rates).step(parameters, network.gradients), loss(y_pred, y)


def collapse(parameters):
    first, second = Network(parameters).layers
    return second.a * first.a, second(first.b)
