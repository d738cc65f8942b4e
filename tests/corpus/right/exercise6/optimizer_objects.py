import torch


class Optimizer:
    """State lives in the object for the time of one call."""

    def __init__(self, learning_rate, **state):
        self.learning_rate, self.state = learning_rate, state

    def step(self, parameters, gradients):
        moved = {}
        for name, parameter in parameters.items():
            moved[name] = parameter - self.learning_rate * self.direction(name, gradients[name])
        return moved, *self.state.values()

    def average(self, which, name, new, keep):
        self.state[which] = {**self.state[which], name: keep * self.state[which][name] + (1 - keep) * new}
        return self.state[which][name]


class Momentum(Optimizer):
    def direction(self, name, gradient):
        self.state["v"] = self.state["v"] | {name: self.momentum * self.state["v"][name] + gradient}
        return self.state["v"][name]


class RMSProp(Optimizer):
    def direction(self, name, gradient):
        return gradient / (self.average("s", name, gradient**2, self.decay) ** 0.5 + self.epsilon)


class Adam(Optimizer):
    def direction(self, name, gradient):
        first = self.average("m", name, gradient, self.beta1) / (1 - self.beta1**self.number)
        second = self.average("v", name, gradient**2, self.beta2) / (1 - self.beta2**self.number)
        return first / (torch.sqrt(second) + self.epsilon)


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    optimizer = Momentum(learning_rate, v=velocities)
    optimizer.momentum = momentum
    return optimizer.step(parameters, gradients)


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    optimizer = RMSProp(learning_rate, s=squares)
    optimizer.decay, optimizer.epsilon = decay, epsilon
    return optimizer.step(parameters, gradients)


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    optimizer = Adam(learning_rate, m=firsts, v=seconds)
    optimizer.beta1, optimizer.beta2, optimizer.epsilon, optimizer.number = beta1, beta2, epsilon, step
    return optimizer.step(parameters, gradients)


def clip_by_norm(grads, limit):
    total_norm = torch.sqrt(torch.stack([torch.linalg.norm(grad) ** 2 for grad in grads.values()]).sum())
    coefficient = limit / torch.maximum(total_norm, torch.as_tensor(limit, dtype=total_norm.dtype))
    return {name: grad * coefficient for name, grad in grads.items()}
