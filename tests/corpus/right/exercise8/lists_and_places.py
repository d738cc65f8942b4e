"""Names become places in lists; the order is kept turned round, and its results are turned back at the end."""
import torch


def evaluate(operation, values):
    v = torch.stack(tuple(torch.as_tensor(value) for value in values))
    operations = [("add", v.sum), ("mul", v.prod), ("exp", v.exp), ("tanh", v.tanh), ("relu", v.relu)]
    return next(do for name, do in operations if name == operation)().reshape(())


def local_gradients(operation, values):
    if operation == "mul":
        return list(reversed(values))
    if operation == "add":
        return len(values) * [torch.tensor(1.0, dtype=torch.float64)]
    (v,) = values
    answers = []
    answers += [evaluate("exp", [v])] * (operation == "exp")
    answers += [1 - evaluate("tanh", [v]) ** 2] * (operation == "tanh")
    answers += [evaluate("relu", [v]) / v] * (operation == "relu")
    return tuple(answers)


def topological_order(graph, output):
    turned = []
    rank = {}
    agenda = [("enter", output)]
    while agenda:
        what, name = agenda.pop()
        if what == "leave":
            turned.insert(0, name)
        elif name not in rank:
            rank[name] = len(rank)
            agenda.append(("leave", name))
            agenda.extend(("enter", each) for each in graph.get(name, ["?"])[1:] if each not in rank)
    return turned[::-1]


def forward(graph, inputs, output):
    order = topological_order(graph, output)
    places = {name: place for place, name in enumerate(order)}
    results = [None] * len(order)
    for place, name in enumerate(order):
        if name in graph:
            results[place] = evaluate(graph[name][0], [results[places[each]] for each in graph[name][1:]])
        else:
            results[place] = inputs[name].clone().reshape(1)
    return {name: result.squeeze() for name, result in zip(order, results)}


def backward(graph, values, output):
    order = topological_order(graph, output)
    places = {name: place for place, name in enumerate(order)}
    gradients = torch.zeros(len(order), dtype=torch.float64)
    gradients[-1] = 1
    for place in range(len(order) - 1, -1, -1):
        if order[place] in graph:
            operation, *names = graph[order[place]]
            for each, slope in zip(names, local_gradients(operation, [values[each] for each in names])):
                gradients[places[each]] += gradients[place] * slope
    return dict(zip(order, gradients))
