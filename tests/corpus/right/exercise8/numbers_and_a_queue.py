import math
from collections import Counter, deque

RULES = {
    "add": (lambda u, v: u + v, lambda u, v: (1, 1)),
    "mul": (lambda u, v: u * v, lambda u, v: (v, u)),
    "exp": (math.exp, lambda v: (math.exp(v),)),
    "tanh": (math.tanh, lambda v: (1 - math.tanh(v) ** 2,)),
    "relu": (lambda v: max(v, 0.0), lambda v: (v > 0,)),
}


def evaluate(operation, values):
    return RULES[operation][0](*map(float, values))


def local_gradients(operation, values):
    return RULES[operation][1](*map(float, values))


def topological_order(graph, output):
    """Take away, from the output down, what nobody waits for any more; then turn it round."""
    waits, left = Counter(), [output]
    for name in left:
        for each in graph.get(name, ())[1:]:
            if not waits[each]:
                left.append(each)
            waits[each] += 1
    order, free = deque(), deque([output])
    while free:
        name = free.popleft()
        order.appendleft(name)
        for each in graph.get(name, ())[1:]:
            waits[each] -= 1
            if not waits[each]:
                free.append(each)
    return list(order)


def forward(graph, inputs, output):
    values = {name: float(value) for name, value in inputs.items() if name not in graph}
    for name in topological_order(graph, output):
        if name in graph:
            values[name] = evaluate(graph[name][0], [values[each] for each in graph[name][1:]])
    return values


def backward(graph, values, output):
    gradients = Counter({output: 1.0})
    for name in reversed(topological_order(graph, output)):
        gradients[name] += 0.0
        if name in graph:
            operation, *names = graph[name]
            for each, slope in zip(names, local_gradients(operation, [values[each] for each in names])):
                gradients[each] += slope * gradients[name]
    return dict(gradients)
