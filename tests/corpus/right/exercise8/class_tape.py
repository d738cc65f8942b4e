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

def topological_order(graph, output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        name, ready = stack.pop()
        if ready:
            order.append(name)
            continue
        if name in seen:
            continue
        seen.add(name)
        stack.append((name, True))
        for each in graph.get(name, ["leaf"])[1:]:
            if each not in seen:
                stack.append((each, False))
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

class Node:
    def __init__(self, value): self.value, self.grad, self.back = value, torch.zeros((), dtype=torch.float64), None
    def backward(self):
        if self.back: self.back(self.grad)
def backward(graph, values, output):
    order = topological_order(graph, output)
    nodes = {n: Node(values[n]) for n in order}
    for n in order:
        if n in graph:
            op, *ins = graph[n]
            def back(g, op=op, ins=ins):
                for e, s in zip(ins, local_gradients(op, [values[i] for i in ins])):
                    nodes[e].grad = nodes[e].grad + g * s
            nodes[n].back = back
    nodes[output].grad = torch.ones((), dtype=torch.float64)
    for n in reversed(order): nodes[n].backward()
    return {n: nodes[n].grad for n in order}
