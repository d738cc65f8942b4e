"""Shares as dicts that are merged, one after the other; generators for the order."""
from functools import reduce
from itertools import chain, repeat

import torch


def evaluate(operation, values):
    pairs = {"add": lambda u, v: u + v, "mul": lambda u, v: u * v}
    if operation in pairs:
        return reduce(pairs[operation], values)
    if operation == "tanh":
        up, down = torch.exp(values[0]), torch.exp(-values[0])
        return (up - down) / (up + down)
    return torch.exp(values[0]) if operation == "exp" else torch.nn.functional.relu(values[0])


def local_gradients(operation, values):
    return list(slopes(operation, *values))


def slopes(operation, v, *others):
    if operation == "add":
        yield from repeat(torch.tensor(1.0), 2)
    elif operation == "mul":
        yield from (*others, v)
    elif operation == "exp":
        yield evaluate("exp", [v])
    elif operation == "tanh":
        yield 1 - evaluate("tanh", [v]).pow(2)
    else:
        yield torch.tensor([1.0 if v > 0 else 0.0])


def topological_order(graph, output):
    return list(walk({name: node[1:] for name, node in graph.items()}, output))


def walk(inputs, output):
    seen, stack = set(), [output]
    while stack:
        name = stack.pop()
        if isinstance(name, tuple):
            yield name[0]
        elif name not in seen:
            seen.add(name)
            stack += chain([(name,)], inputs.get(name, []))


def forward(graph, inputs, output):
    def step(values, name):
        if name in graph:
            operation, *names = graph[name]
            values[name] = evaluate(operation, [values[each] for each in names])
        else:
            values[name] = inputs[name]
        return values

    return reduce(step, topological_order(graph, output), {})


def backward(graph, values, output):
    def step(gradients, name):
        if name in graph:
            operation, *names = graph[name]
            for each, slope in zip(names, local_gradients(operation, [values[n] for n in names])):
                gradients[each] = gradients.get(each, 0) + gradients[name] * slope
        return gradients

    return reduce(step, reversed(topological_order(graph, output)), {output: torch.tensor(True)})
