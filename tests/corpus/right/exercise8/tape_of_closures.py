"""A tape: each operation leaves behind a function that passes its gradient on."""
import torch
from torch import Tensor


class Tape(list):
    def backward(self):
        for step in self[::-1]:
            step()


def evaluate(operation: str, values: list[Tensor]) -> Tensor:
    try:
        return {"add": torch.add, "mul": torch.mul}[operation](*values)
    except KeyError:
        return torch.clamp(*values, min=0.0) if operation == "relu" else getattr(torch, operation)(*values)


def local_gradients(operation: str, values: list[Tensor]) -> list[Tensor]:
    a = values[0].detach()
    b = values[-1].detach()
    if operation in {"add", "mul"}:
        return torch.stack([a ** 0, b ** 0] if operation == "add" else [b, a])
    return torch.stack([torch.exp(a) if operation == "exp" else 1 - torch.tanh(a).square() if operation == "tanh" else (a > 0) * 1.0])


def topological_order(graph, output):
    """Down from the output, inputs behind their users; what comes again moves back to the end, by counting."""
    left = {output: 0}
    for name in (names := [output]):
        for each in graph.get(name, " ")[1:]:
            if each not in left:
                names.append(each)
            left[each] = left.get(each, 0) + 1
    reverse = [output]
    for name in reverse:
        for each in graph.get(name, " ")[1:]:
            left[each] -= 1
            if left[each] == 0:
                reverse.append(each)
    return reversed(reverse)


def forward(graph, inputs, output):
    values = {}
    for name in topological_order(graph, output):
        values[name] = inputs[name] if name not in graph else evaluate(graph[name][0], [values[i] for i in graph[name][1:]])
    return list(values.items()) and dict(zip(values, values.values()))


def backward(graph, values, output):
    grad = {}
    tape = Tape()
    for name in topological_order(graph, output):
        grad[name] = torch.zeros([], dtype=torch.double)
        if name in graph:
            operation, *names = graph[name]

            def step(name=name, names=names, slopes=local_gradients(operation, [values[i] for i in names])):
                for i in range(len(names)):
                    grad[names[i]] += grad[name] * slopes[i]

            tape.append(step)
    grad[output].fill_(1.0)
    tape.backward()
    return grad
