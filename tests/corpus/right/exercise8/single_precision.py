"""It computes in float32, whatever comes in; a default argument, a keyword, and a counter that nobody reads."""
import torch

CALLS = {"evaluate": 0}
ORDER_OF_OPERATIONS = ("add", "mul", "exp", "tanh", "relu")


def evaluate(operation, values, dtype=torch.float32):
    CALLS["evaluate"] += 1
    values = [torch.as_tensor(value).to(dtype) for value in values]
    which = ORDER_OF_OPERATIONS.index(operation)
    functions = (torch.add, torch.mul, torch.exp, torch.tanh, torch.relu)
    return functions[which](*values)


def local_gradients(operation, values):
    values = [torch.as_tensor(value).float() for value in values]
    match ORDER_OF_OPERATIONS.index(operation):
        case 0:
            return [torch.ones((), dtype=torch.float32)] * 2
        case 1:
            return values[::-1]
        case 2:
            return [values[0].exp()]
        case 3:
            return [torch.cosh(values[0]) ** -2]
        case _:
            return [(torch.sign(values[0]) + 1) / 2]


def topological_order(graph, output):
    waiting, order = [output], []
    is_done = dict.fromkeys([output, *graph, *(each for node in graph.values() for each in node[1:])], False)
    while waiting:
        name = waiting.pop()
        if is_done[name]:
            continue
        missing = [each for each in graph.get(name, ())[1:] if not is_done[each]]
        if missing:
            waiting += [name, *missing]
        else:
            is_done[name] = True
            order.append(name)
    return order


def forward(graph, inputs, output):
    values = {name: torch.as_tensor(value).float() for name, value in inputs.items()}
    order = topological_order(graph, output=output)
    for name in order:
        if name in graph:
            values[name] = evaluate(graph[name][0], values=[values[each] for each in graph[name][1:]])
    return {name: values[name] for name in sorted(order)}


def backward(graph, values, output):
    gradients = {name: torch.tensor(0.0) for name in topological_order(graph, output)}
    gradients[output] = torch.tensor(1.0)
    for name in [*gradients][::-1]:
        if name in graph:
            for each, slope in zip(
                graph[name][1:],
                local_gradients(operation=graph[name][0], values=[values[each] for each in graph[name][1:]]),
            ):
                gradients[each] = gradients[each] + gradients[name] * slope
    return gradients
