# loses: topological_order
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
