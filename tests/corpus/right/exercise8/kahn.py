import torch

def evaluate(operation, values):
    if operation == "add":
        return values[0] + values[1]
    if operation == "mul":
        return values[0] * values[1]
    if operation == "exp":
        return torch.exp(values[0])
    if operation == "tanh":
        return torch.tanh(values[0])
    return torch.relu(values[0])

def local_gradients(operation, values):
    if operation == "add":
        return [torch.tensor(1.0), torch.tensor(1.0)]
    if operation == "mul":
        return [values[1], values[0]]
    if operation == "exp":
        return [torch.exp(values[0])]
    if operation == "tanh":
        return [1 - torch.tanh(values[0]) ** 2]
    return [(values[0] > 0).double()]

from collections import deque
def topological_order(graph, output):
    need, todo = {output}, [output]
    while todo:
        for e in graph.get(todo.pop(), [None])[1:]:
            if e not in need:
                need.add(e); todo.append(e)
    count = {n: len(set(graph.get(n, [0])[1:])) for n in need}
    users = {n: [] for n in need}
    for n in need:
        for e in set(graph.get(n, [0])[1:]):
            users[e].append(n)
    ready = deque(n for n in need if count[n] == 0)
    order = []
    while ready:
        n = ready.popleft()
        order.append(n)
        for u in users[n]:
            count[u] -= 1
            if count[u] == 0:
                ready.append(u)
    return order
def forward(graph, inputs, output):
    values = {}
    for name in topological_order(graph, output):
        if name in graph:
            operation, *names = graph[name]
            values[name] = evaluate(operation, [values[n] for n in names])
        else:
            values[name] = inputs[name]
    return values

def backward(graph, values, output):
    order = topological_order(graph, output)
    grads = {name: torch.tensor(0.0, dtype=torch.float64) for name in order}
    grads[output] = torch.tensor(1.0, dtype=torch.float64)
    for name in reversed(order):
        if name not in graph:
            continue
        operation, *names = graph[name]
        for each, slope in zip(names, local_gradients(operation, [values[n] for n in names])):
            grads[each] = grads[each] + grads[name] * slope
    return grads
