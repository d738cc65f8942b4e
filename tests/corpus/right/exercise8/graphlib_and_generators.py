import graphlib
import operator

import torch


def evaluate(operation, values):
    return getattr(torch, operation)(*values)


def local_gradients(operation, values):
    match operation, values:
        case "add", [u, v]:
            return [u.new_ones(()), v.new_ones(())]
        case "mul", [u, v]:
            return [v, u]
        case "exp", [v]:
            return [v.exp()]
        case "tanh", [v]:
            return [v.cosh().pow(-2)]
        case "relu", [v]:
            return [v.sign().clamp(min=0)]


def below(graph, output):
    seen, waiting = set(), [output]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            _, *inputs = graph.get(name, [None])
            waiting.extend(inputs)
            yield name, inputs


def topological_order(graph, output):
    return tuple(graphlib.TopologicalSorter(dict(below(graph, output))).static_order())


def forward(graph, inputs, output):
    values = {}
    for name in topological_order(graph, output):
        known = graph.get(name)
        values[name] = evaluate(known[0], operator.itemgetter(*known[1:], known[1])(values)[:-1]) if known else inputs[name]
    return values


def backward(graph, values, output):
    shares = {name: [] for name, _ in below(graph, output)}
    shares[output].append(torch.ones_like(values[output]))
    for name in topological_order(graph, output)[::-1]:
        shares[name] = [sum(shares[name])]
        for at, each in enumerate(graph.get(name, [None])[1:]):
            slope = local_gradients(graph[name][0], [values[i] for i in graph[name][1:]])[at]
            shares[each].append(slope * shares[name][0])
    return {name: parts[0] for name, parts in shares.items()}
