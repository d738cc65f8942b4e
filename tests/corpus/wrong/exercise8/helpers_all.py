# loses: evaluate, local_gradients, topological_order
def evaluate(operation, values):
    if operation == "add":
        return values[0] + values[1]
    if operation == "mul":
        return values[0] * values[1]
    if operation == "exp":
        return torch.exp(values[0])
    if operation == "tanh":
        return torch.tanh(values[0])
    return values[0]


def local_gradients(operation, values):
    if operation == "add":
        return [torch.tensor(1.0), torch.tensor(1.0)]
    if operation == "mul":
        return [values[0], values[1]]
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
    return order[::-1]
