# loses: backward
def backward(graph, values, output):
    order = topological_order(graph, output)
    grads = {name: torch.tensor(0.0, dtype=torch.float64) for name in order}
    grads[output] = torch.tensor(1.0, dtype=torch.float64)
    for name in reversed(order):
        if name not in graph:
            continue
        operation, *names = graph[name]
        for each, slope in zip(names, local_gradients(operation, [values[n] for n in names])):
            grads[each] = grads[each] + slope
    return grads
