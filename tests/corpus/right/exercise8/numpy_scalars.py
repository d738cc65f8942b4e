"""NumPy from end to end: scalars of shape (), arrays of one element, an array of names' places."""
import numpy as np

ALONE = {"exp": np.exp, "tanh": np.tanh, "relu": lambda v: np.maximum(v, 0)}


def evaluate(operation, values):
    values = [np.float64(value) for value in values]
    return ALONE[operation](values[0]) if operation in ALONE else {"add": np.sum, "mul": np.prod}[operation](values)


def local_gradients(operation, values):
    v = np.array([float(value) for value in values])
    if operation == "add":
        return np.ones(2)
    if operation == "mul":
        return v[::-1].copy()
    return {"exp": np.exp, "tanh": lambda v: 1 - np.square(np.tanh(v)), "relu": lambda v: np.where(v > 0, 1.0, 0.0)}[
        operation
    ](v)


def topological_order(graph, output):
    found = [output]
    place = {output: 0}
    for name in found:
        for each in graph.get(name, ["leaf"])[1:]:
            if each not in place:
                place[each] = len(found)
                found.append(each)
    missing = np.array([len({*graph.get(name, ["leaf"])[1:]}) for name in found])
    users = [[] for _ in found]
    for name in found:
        for each in {*graph.get(name, ["leaf"])[1:]}:
            users[place[each]].append(place[name])
    ready = list(np.flatnonzero(missing == 0))
    for at in ready:
        for user in users[at]:
            missing[user] -= 1
            if missing[user] == 0:
                ready.append(user)
    return [found[at] for at in ready]


def forward(graph, inputs, output):
    values = {}
    for name in topological_order(graph, output):
        values[name] = (
            evaluate(graph[name][0], [values[each] for each in graph[name][1:]])
            if name in graph
            else np.asarray(float(inputs[name]))
        )
    return values


def backward(graph, values, output):
    gradients = {output: np.array([1.0])}
    for name in topological_order(graph, output)[::-1]:
        if name in graph:
            slopes = local_gradients(graph[name][0], [values[each] for each in graph[name][1:]])
            for each, slope in zip(graph[name][1:], slopes):
                gradients[each] = gradients.get(each, np.zeros(1)) + slope * gradients[name]
    return gradients
