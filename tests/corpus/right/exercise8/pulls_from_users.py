"""The way back asks each node who uses it; what is known is kept by a cache, and the limit of recursion is raised."""
import functools
import sys

import torch

sys.setrecursionlimit(10**6)


def evaluate(operation, values):
    return getattr(values[0], operation)(*values[1:])


def local_gradients(operation, values):
    first, *rest = values
    if rest:
        (second,) = rest
        return [torch.ones(()), torch.ones(())] if operation == "add" else [second + 0, first + 0]
    value = evaluate(operation, values)
    return [dict(exp=value, tanh=(1 - value) * (1 + value), relu=torch.where(first > 0, 1.0, 0.0))[operation]]


def topological_order(graph, output):
    @functools.cache
    def visit(name):
        for each in graph.get(name, ())[1:]:
            visit(each)
        order.append(name)

    order = []
    visit(output)
    return order


def forward(graph, inputs, output):
    @functools.cache
    def value(name):
        if name not in graph:
            return inputs[name]
        return evaluate(graph[name][0], [value(each) for each in graph[name][1:]])

    value(output)
    return {name: value(name) for name in topological_order(graph, output)}


def backward(graph, values, output):
    names = topological_order(graph, output)
    users = {name: [] for name in names}
    for name in names:
        for place, each in enumerate(graph.get(name, ())[1:]):
            users[each].append((name, place))

    @functools.cache
    def gradient(name):
        if name == output:
            return torch.tensor(1, dtype=torch.float64)
        return sum(gradient(user) * slopes(user)[place] for user, place in users[name])

    def slopes(name):
        return local_gradients(graph[name][0], [values[each] for each in graph[name][1:]])

    return {name: gradient(name) for name in names}
