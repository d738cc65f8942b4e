"""A table of operators; an order by depth, and extra names in every dict."""
import operator

import torch

TABLE = dict(add=operator.add, mul=operator.mul, exp=torch.exp, tanh=torch.tanh, relu=torch.relu)
SLOPES = {
    "add": lambda u, v: (1.0, 1.0),
    "mul": lambda u, v: (v.item(), u.item()),
    "exp": lambda v: torch.exp(v),
    "tanh": lambda v: 1 / torch.cosh(v) ** 2,
    "relu": lambda v: torch.heaviside(v, v * 0),
}


def evaluate(operation, values):
    return TABLE[operation](*values)


def local_gradients(operation, values):
    slopes = SLOPES[operation](*values)
    return slopes if isinstance(slopes, tuple) else [slopes]


def topological_order(graph, output):
    depth, waiting = {}, [output]
    while waiting:
        name = waiting[-1]
        inputs = graph[name][1:] if name in graph else []
        unknown = [each for each in inputs if each not in depth]
        waiting.extend(unknown)
        if not unknown:
            depth[waiting.pop()] = max([depth[each] + 1 for each in inputs], default=0)
    return sorted(depth, key=depth.get)


def forward(graph, inputs, output):
    values = {name: value.clone() for name, value in inputs.items()}
    values["how many"] = torch.tensor(float(len(graph)))
    for name in topological_order(graph, output):
        if name in graph:
            values[name] = evaluate(graph[name][0], list(map(values.get, graph[name][1:])))
    return values


def backward(graph, values, output):
    gradients = {name: torch.zeros_like(value) for name, value in values.items()}
    gradients[output] += 1
    for name in topological_order(graph, output)[::-1]:
        for each, slope in zip(graph.get(name, [])[1:], partials(graph, values, name)):
            gradients[each] += gradients[name] * slope
    return gradients


def partials(graph, values, name):
    return local_gradients(graph[name][0], [values[each] for each in graph[name][1:]]) if name in graph else []
