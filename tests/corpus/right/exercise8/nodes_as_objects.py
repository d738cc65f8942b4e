"""Objects that know their inputs, as in a well-known small library; the limit of recursion is raised where it is needed."""
import math
import sys


class Value:
    def __init__(self, data, children=(), operation="", label=""):
        self.data, self.grad = float(data), 0.0
        self._backward = lambda: None
        self._prev, self._op, self.label = tuple(children), operation, label

    def backward(self):
        topo, visited = [], set()
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(200_000)

        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build(child)
                topo.append(v)

        build(self)
        sys.setrecursionlimit(limit)
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()


def evaluate(operation, values):
    v = [float(value) for value in values]
    match operation, v:
        case ["add", [a, b]]:
            return a + b
        case ["mul", [a, b]]:
            return a * b
        case ["relu", [a]]:
            return a if a > 0 else 0
        case [other, [a]]:
            return getattr(math, other)(a)


def local_gradients(operation, values):
    v = [float(value) for value in values]
    match operation:
        case "add":
            return 1, 1
        case "mul":
            return v[1], v[0]
        case "relu":
            return (0 if v[0] < 0 else 1,)
        case "exp":
            return (math.exp(v[0]),)
        case "tanh":
            return (1 - math.tanh(v[0]) ** 2,)


def topological_order(graph, output):
    order, stack = [], [(output, iter(graph.get(output, [0])[1:]))]
    seen = {output}
    while stack:
        name, inputs = stack[-1]
        fresh = next((each for each in inputs if each not in seen), None)
        if fresh is None:
            order.append(name)
            stack.pop()
        else:
            seen.add(fresh)
            stack.append((fresh, iter(graph.get(fresh, [0])[1:])))
    return order


def forward(graph, inputs, output):
    return {name: node.data for name, node in built(graph, inputs, output).items()}


def built(graph, leaves, output):
    nodes = {}
    for name in topological_order(graph, output):
        if name in graph:
            operation, *names = graph[name]
            children = [nodes[each] for each in names]
            nodes[name] = node = Value(evaluate(operation, [c.data for c in children]), children, operation, name)

            def back(node=node, children=children, operation=operation):
                for child, slope in zip(children, local_gradients(operation, [c.data for c in children])):
                    child.grad += slope * node.grad

            node._backward = back
        else:
            nodes[name] = Value(leaves[name], label=name)
    return nodes


def backward(graph, values, output):
    nodes = built(graph, values, output)
    nodes[output].backward()
    return {name: node.grad for name, node in nodes.items()}
