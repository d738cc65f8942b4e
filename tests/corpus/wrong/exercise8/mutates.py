# loses: forward
def forward(graph, inputs, output):
    values = inputs
    for name in topological_order(graph, output):
        if name in graph:
            operation, *names = graph[name]
            values[name] = evaluate(operation, [values[n] for n in names])
        else:
            values[name] = inputs[name]
    return values
