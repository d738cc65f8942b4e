"""Slow and right: it looks through all names for those that use one."""
import torch


def evaluate(operation, values):
    if operation == "mul":
        result = torch.tensor(1.0, dtype=values[0].dtype)
        for value in values:
            result = result * value
        return result
    if operation == "add":
        return sum(values)
    return eval(f"torch.{operation}(v)", {"torch": torch, "v": values[0]})


def local_gradients(operation, values):
    slopes = []
    for place in range(len(values)):
        if operation == "add":
            slopes.append(torch.tensor(1))
        elif operation == "mul":
            slopes.append(values[1 - place])
        elif operation == "exp":
            slopes.append(values[place].exp())
        elif operation == "tanh":
            slopes.append(1.0 - values[place].tanh() * values[place].tanh())
        elif operation == "relu":
            slopes.append(values[place].gt(0))
    return slopes


def topological_order(graph, output):
    order = []
    waiting = [output]
    while len(waiting) > 0:
        name = waiting[len(waiting) - 1]
        if name in order:
            waiting.pop()
            continue
        all_there = True
        if name in graph:
            for each in graph[name][1:]:
                if each not in order:
                    waiting.append(each)
                    all_there = False
        if all_there:
            order.append(name)
    return order


def forward(graph, inputs, output):
    values = {}
    for name in topological_order(graph, output):
        if name in list(graph.keys()):
            values[name] = evaluate(graph[name][0], [values[each] for each in graph[name][1:]])
        else:
            values[name] = inputs[name]
    return values


def backward(graph, values, output):
    order = topological_order(graph, output)
    gradients = {}
    for name in reversed(order):
        total = torch.tensor(0.0, dtype=torch.float64)
        if name == output:
            total = torch.tensor(1.0, dtype=torch.float64)
        for user in order:
            if user in graph and name in graph[user][1:]:
                inputs = graph[user][1:]
                slopes = local_gradients(graph[user][0], [values[each] for each in inputs])
                for place in range(len(inputs)):
                    if inputs[place] == name:
                        total = total + gradients[user] * slopes[place]
        gradients[name] = total
    return gradients
