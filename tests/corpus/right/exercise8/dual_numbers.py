"""Local derivatives by dual numbers of its own, where the way back is a loop over a dict of dicts."""
import math
from collections import defaultdict, deque


class Dual:
    def __init__(self, value, slope=0.0):
        self.value, self.slope = float(value), slope

    def __add__(self, other):
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def exp(self):
        return Dual(math.exp(self.value), self.slope * math.exp(self.value))

    def tanh(self):
        return Dual(math.tanh(self.value), self.slope / math.cosh(self.value) ** 2)

    def relu(self):
        return self if self.value > 0 else Dual(0.0)


def apply(operation, duals):
    if operation == "add":
        return duals[0] + duals[1]
    if operation == "mul":
        return duals[0] * duals[1]
    return getattr(duals[0], operation)()


def evaluate(operation, values):
    return apply(operation, [Dual(value) for value in values]).value


def local_gradients(operation, values):
    return [
        apply(operation, [Dual(value, float(at == place)) for at, value in enumerate(values)]).slope
        for place in range(len(values))
    ]


def topological_order(graph, output):
    uses = defaultdict(dict)
    queue = deque([output])
    while queue:
        name = queue.popleft()
        if name in uses:
            continue
        uses[name] = dict.fromkeys(graph.get(name, [""])[1:])
        queue.extend(uses[name])
    order, path = {}, [iter([output])]
    names = [None]
    while path:
        for name in path[-1]:
            if name not in order:
                names.append(name)
                path.append(iter(uses[name]))
                break
        else:
            path.pop()
            done = names.pop()
            if done is not None:
                order[done] = len(order)
    return [*order]


def forward(graph, inputs, output):
    values = defaultdict(lambda: float("nan"))
    for name in topological_order(graph, output):
        match graph.get(name):
            case [operation, *names]:
                values[name] = evaluate(operation, [values[each] for each in names])
            case None:
                values[name] = float(inputs[name])
    return values


def backward(graph, values, output):
    order = topological_order(graph, output)
    shares = {name: {} for name in order}
    shares[output]["itself"] = 1
    for name in order[::-1]:
        if name in graph:
            for place, slope in enumerate(local_gradients(graph[name][0], [values[each] for each in graph[name][1:]])):
                shares[graph[name][1 + place]][name, place] = slope * sum(shares[name].values())
    return {name: sum(parts.values()) for name, parts in shares.items()}
