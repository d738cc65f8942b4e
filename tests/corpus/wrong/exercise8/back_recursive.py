# loses: backward
def backward(graph, values, output):
    grads = {}
    def go(name, g):
        grads[name] = grads.get(name, 0) + g
        if name in graph:
            op, *ins = graph[name]
            for e, s in zip(ins, local_gradients(op, [values[i] for i in ins])):
                go(e, g * s)
    go(output, torch.tensor(1.0).double())
    return grads
