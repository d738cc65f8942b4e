# loses: backward
def backward(graph, values, output):
    order = [output]
    for n in order:
        for e in graph.get(n, [0])[1:]:
            if e not in order: order.append(e)
    order = order[::-1]
    grads = {name: torch.tensor(0.0, dtype=torch.float64) for name in order}
    grads[output] = torch.tensor(1.0, dtype=torch.float64)
    for name in reversed(order):
        if name not in graph:
            continue
        operation, *names = graph[name]
        for each, slope in zip(names, local_gradients(operation, [values[n] for n in names])):
            grads[each] = grads[each] + grads[name] * slope
    return grads
