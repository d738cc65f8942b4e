# loses: forward
def forward(graph, inputs, output):
    values = {}
    def value(name):
        if name not in values:
            if name in graph:
                op, *ins = graph[name]
                values[name] = evaluate(op, [value(i) for i in ins])
            else:
                values[name] = inputs[name]
        return values[name]
    value(output)
    return values
