# loses: topological_order
def topological_order(graph, output):
    order = []
    seen = set()
    def visit(name):
        if name in seen:
            return
        seen.add(name)
        for each in graph.get(name, [""])[1:]:
            visit(each)
        order.append(name)
    visit(output)
    return order
