"""Your own autograd."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from autograder.checking import (
    CaseGenerator,
    CaseRecorder,
    ExpectedValue,
    Probe,
    check,
    oracle,
    paper,
    reference_helper,
)
from autograder.checks.in_worker.exercise8 import Graph, inputs_of, needed
from autograder.checks.in_worker.exercise8 import read_order as read_order

Values = dict[str, Tensor]
OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "add": torch.add,
    "mul": torch.mul,
    "exp": torch.exp,
    "tanh": torch.tanh,
    "relu": torch.relu,
}
NAMES = {"#": "the derivative with respect to input {n}", "": "derivative"}


def in_order(graph: Graph, output: str) -> list[str]:
    """The output and all that it depends on, inputs first, found with a stack."""
    done: dict[str, None] = {}
    stack = [(output, False)]
    while stack:
        name, is_ready = stack.pop()
        if is_ready:
            done[name] = None
        elif name not in done:
            stack += [(name, True), *((each, False) for each in reversed(inputs_of(graph, name)) if each not in done)]
    return list(done)


def doubled(values: Any) -> list[Tensor]:
    """Values in double precision: a helper may be asked with numbers, or with one tensor."""
    return [torch.as_tensor(value, dtype=torch.float64) for value in values]


@oracle()
def evaluate(_functions: Any, operation: str, values: list[Tensor]) -> ExpectedValue:
    """The operation of PyTorch's of this name."""
    inputs = doubled(values)
    value = OPERATIONS[operation](*inputs)
    return ExpectedValue(value, sum(map(abs, inputs), value.abs()) if operation == "add" else value.abs())


@oracle(source="torch autograd", parts=NAMES)
def local_gradients(_functions: Any, operation: str, values: list[Tensor]) -> list[ExpectedValue]:
    """Autograd through the one operation."""
    leaves = [value.clone().requires_grad_() for value in doubled(values)]
    found = torch.autograd.grad(OPERATIONS[operation](*leaves), leaves)
    return [ExpectedValue(value, value.abs() + (operation in ("tanh", "relu"))) for value in found]


@oracle(source="the graph")
def topological_order(_functions: Any, graph: Graph, output: str) -> ExpectedValue:
    """How many names a right order has; its reader has looked at the order itself."""
    count = torch.tensor(float(len(needed(graph, output))), dtype=torch.float64)
    return ExpectedValue(count, count)


@reference_helper("topological_order")
def order_helper(_probe: Probe, graph: Graph, output: str) -> list[str]:
    """One right order of many."""
    return in_order(graph, output)


@oracle()
def forward(functions: Any, graph: Graph, inputs: Values, output: str) -> dict[str, ExpectedValue]:
    """One node after the other; how far rounding may have gone is told by the sizes of all that a value is made of."""
    values: dict[str, Tensor] = {}
    scales: dict[str, float] = {}
    for name in in_order(graph, output):
        if name not in graph:
            values[name] = torch.as_tensor(inputs[name], dtype=torch.float64)
            scales[name] = abs(float(values[name]))
            continue
        operation, *names = graph[name]
        given = [values[each] for each in names]
        values[name] = OPERATIONS[operation](*given)
        slopes = slopes_at(operation, [float(value) for value in given])
        sizes = (abs(slope) * scales[each] for slope, each in zip(slopes, names, strict=True))
        scales[name] = sum(sizes, abs(float(values[name])))
    return {name: ExpectedValue(value, value.new_tensor(scales[name])) for name, value in values.items()}


def slopes_at(operation: str, values: list[float]) -> list[float]:
    """How much of its inputs' errors an operation passes on."""
    if operation == "add":
        return [1.0] * len(values)
    if operation == "mul":
        return values[::-1]
    value = torch.tensor(values[0], dtype=torch.float64)
    return [{"exp": float(value.exp()), "tanh": 1 - float(value.tanh()) ** 2, "relu": float(value > 0)}[operation]]


@oracle(source="torch autograd")
def backward(_functions: Any, graph: Graph, values: Values, output: str) -> dict[str, ExpectedValue]:
    """Autograd through the graph, computed once more from its leaves."""
    nodes: dict[str, Tensor] = {}
    order = in_order(graph, output)
    for name in order:
        if name in graph:
            nodes[name] = OPERATIONS[graph[name][0]](*(nodes[each] for each in graph[name][1:]))
        else:
            nodes[name] = torch.as_tensor(values[name], dtype=torch.float64).clone().requires_grad_()
    found = dict(zip(order, torch.autograd.grad(nodes[output], [nodes[name] for name in order]), strict=True))
    scales = dict.fromkeys(order, 0.0) | {output: 1.0}
    for name in (each for each in reversed(order) if each in graph):
        slopes = slopes_at(graph[name][0], [float(nodes[each].detach()) for each in graph[name][1:]])
        for each, slope in zip(graph[name][1:], slopes, strict=True):
            scales[each] += scales[name] * abs(slope)
    return {name: ExpectedValue(value, value.new_tensor(scales[name])) for name, value in found.items()}


LINE = {"s": ["add", "x", "y"], "out": ["mul", "s", "z"]}
DIAMOND = {"out": ["add", "l", "r"], "r": ["tanh", "p"], "l": ["mul", "p", "y"], "p": ["mul", "x", "y"]}
TWICE = {"q": ["mul", "x", "x"], "d": ["add", "q", "q"], "out": ["mul", "d", "y"]}
DEAD = {"n": ["relu", "x"], "m": ["mul", "n", "y"], "out": ["add", "m", "y"]}
UNNEEDED = {
    "u": ["exp", "x"],
    "v": ["mul", "u", "w"],
    "out": ["mul", "t", "y"],
    "t": ["tanh", "x"],
    "k": ["relu", "out"],
}
LONG_WAY = {"out": ["add", "c", "a"], "c": ["mul", "b", "y"], "b": ["exp", "a"], "a": ["mul", "x", "y"]}
ODD = {"3": ["add", "a b", "∂x"], "for": ["mul", "3", "a b"], "z-1": ["tanh", "for"], "∑": ["add", "z-1", "3"]}
NETWORK = {
    "z1": ["mul", "w1", "x"],
    "h1": ["relu", "z1"],
    "z2": ["mul", "w2", "x"],
    "h2": ["tanh", "z2"],
    "s": ["add", "h1", "h2"],
    "e": ["mul", "s", "v"],
    "r": ["add", "e", "y"],
    "sq": ["mul", "r", "r"],
    "loss": ["mul", "sq", "half"],
}
EXACT = {"exp": "relu", "tanh": "relu"}  # what is exact in float32, too


def leaves_of(graph: Graph) -> list[str]:
    """The names that are no nodes, each once."""
    return list(dict.fromkeys(name for node in graph for name in inputs_of(graph, node) if name not in graph))


def worked_out(graph: Graph, leaves: dict[str, float]) -> dict[str, float]:
    """The values of all nodes."""
    values = {name: torch.tensor(value, dtype=torch.float64) for name, value in leaves.items()}
    for output in graph:
        for name in in_order(graph, output):
            if name not in values:
                values[name] = OPERATIONS[graph[name][0]](*(values[each] for each in graph[name][1:]))
    return {name: float(value) for name, value in values.items()}


def filled(
    draw: CaseGenerator, shape: Graph, *, output: str = "", dead: bool = False
) -> tuple[Graph, Values, Values, str]:
    """A graph of this shape, its leaves, the values of all its nodes, and the output: by default the last name.

    With `dead`, x is negative. Values are moderate, and no relu is near its bend.
    """
    graph = {
        name: [EXACT.get(node[0], node[0]) if draw.is_exact else node[0], *node[1:]] for name, node in shape.items()
    }
    for _ in range(500):
        leaves = {name: draw.number() for name in leaves_of(graph)}
        leaves |= {"x": -abs(leaves["x"])} if dead else {}
        values = worked_out(graph, leaves)
        bends = [values[node[1]] for node in graph.values() if node[0] == "relu"]
        if all(abs(value) < 3 for value in values.values()) and all(abs(value) > 0.05 for value in bends):
            break
    scalar = draw.scalar().dtype
    tensors = {name: torch.tensor(value, dtype=scalar) for name, value in values.items()}
    inputs = {name: tensors[name] for name in leaves}
    return graph, inputs, tensors, output or ("out" if "out" in graph else list(graph)[-1])


def ladder(rungs: int) -> tuple[Graph, Values, Values, str]:
    """Rungs one above the other, each of which doubles the number of ways; all values are exact."""
    graph: Graph = {}
    below = "foot"
    for rung in range(1, rungs + 1):
        graph[f"rung{rung}"] = ["add", f"left{rung}", f"right{rung}"]
        graph[f"left{rung}"] = ["mul", below, "half"]
        graph[f"right{rung}"] = ["mul", "half", below]
        below = f"rung{rung}"
    return given(graph, {"foot": 0.75, "half": 0.5}, below)


def links(nodes: int) -> tuple[Graph, str]:
    """One node after the other, and the last one's name."""
    graph: Graph = {}
    below = "start"
    for number in range(nodes):
        steps = (
            ["mul", below, "two"],
            ["relu", below],
            ["mul", "half", below],
            ["add", below, "up"],
            ["add", "down", below],
        )
        graph[f"n{number}"] = steps[number % len(steps)]
        below = f"n{number}"
    return graph, below


def chain(nodes: int) -> tuple[Graph, Values, Values, str]:
    """The links with their values, which come again and again: exact, and quickly asked about."""
    graph, output = links(nodes)
    return given(graph, {"start": 0.75, "two": 2.0, "half": 0.5, "up": 0.25, "down": -0.25}, output)


def given(graph: Graph, leaves: dict[str, float], output: str) -> tuple[Graph, Values, Values, str]:
    """A graph with its leaves, all values, and the output."""
    known = set(leaves)
    values: dict[str, float] = dict(leaves)
    for name in in_order(graph, output):
        if name not in known:
            operation, *names = graph[name]
            inputs = [values[each] for each in names]
            values[name] = {"add": sum, "mul": lambda pair: pair[0] * pair[1], "relu": lambda one: max(0.0, one[0])}[
                operation
            ](inputs)
    tensors = {name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()}
    return graph, {name: tensors[name] for name in leaves}, tensors, output


# What recursion fails on. Names alone cost little; numbers are computed node by node by each submission of a class, so
# their chain is as long as it must be and no longer, and one check of each function has it.
LONGEST, LONG, RUNGS = 10_000, 1500, 60


def operations(draw: CaseGenerator) -> Iterator[tuple[str, list[Tensor]]]:
    """Each operation with drawn inputs; relu on either side of its bend."""
    for operation in ("add", "mul"):
        yield operation, [draw.scalar(), draw.scalar()]
    for operation in ("exp", "tanh"):
        yield operation, [draw.scalar() * (not draw.is_exact)]
    for sign in (1, -1):
        yield "relu", [sign * draw.scalar().abs()]


def judge_any_value(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """Each operation in either precision, those of two inputs with the same one twice, and with a dead relu's 0."""
    once = draw.scalar()
    for operation in ("add", "mul"):
        judge(operation, [once, once])
        judge(operation, [once - once, once])
    for case in operations(draw):
        judge(*case)
    draw.single()
    for case in operations(draw):
        judge(*case)


EVALUATE = "What does each of the five operations make of 2 and 3, or of 2 alone?"


@check("evaluate", points=1, hint=EVALUATE)
def check_evaluate_each_operation(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """applies each of the operations to the values of its inputs"""
    judge("add", [paper(2), paper(5)])
    judge("mul", [paper(2), paper(5)])
    for case in operations(draw):
        judge(*case)


@check("evaluate", points=1, visibility="hidden", needs=("evaluate_each_operation",), hint=EVALUATE)
def check_evaluate_any_value(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one value twice, for values of either sign, and in float32"""
    judge_any_value(judge, draw)


LOCAL = "If one input of the operation grows by a little ε, and no other, by how many ε does the result grow?"


@check("local_gradients", points=3, hint=LOCAL)
def check_local_gradients_equal_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the derivative of each operation by each of its inputs"""
    judge("mul", [paper(2), paper(5)])
    for case in operations(draw):
        judge(*case)


@check("local_gradients", points=3, visibility="hidden", needs=("local_gradients_equal_autograd",), hint=LOCAL)
def check_local_gradients_any_value(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one value twice, for values of either sign, and in float32"""
    judge_any_value(judge, draw)


ORDER = "When may a node be written down: before or after its inputs? And if two nodes have the same input?"


def order_case(case: tuple[Graph, Values, Values, str]) -> tuple[Graph, str]:
    """What topological_order gets of a case."""
    return case[0], case[3]


@check("topological_order", points=3, hint=ORDER)
def check_topological_order_inputs_first(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """names the output and all that it depends on, each once and after its inputs, in large graphs too"""
    for shape in (LINE, DIAMOND, TWICE, UNNEEDED, LONG_WAY):
        judge(dict(shape), "out")
    judge(dict(LINE), "x")
    judge(*order_case(ladder(RUNGS)))
    if not draw.is_exact:
        judge(*links(LONG))


@check("topological_order", points=2, visibility="hidden", needs=("topological_order_inputs_first",), hint=ORDER)
def check_topological_order_any_graph(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any names, for a leaf, for an empty graph, for part of a graph, and for a chain of 10,000"""
    judge(*order_case(filled(draw, ODD, output="")))
    judge({}, "x")
    judge(dict(DIAMOND), "l")
    judge(dict(NETWORK), "loss")
    judge(dict(reversed(NETWORK.items())), "r")
    judge(*links(LONGEST))


FORWARD = "Which values must be there before a node can be evaluated? Where does a leaf's value come from?"


def forward_case(case: tuple[Graph, Values, Values, str]) -> tuple[Graph, Values, str]:
    """What forward gets of a case."""
    graph, inputs, _, output = case
    return graph, inputs, output


@check("forward", points=3, hint=FORWARD)
def check_forward_each_value(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the value of the output and of all that it depends on, the leaves among them"""
    judge(*forward_case(given(dict(LINE), {"x": 2.0, "y": 1.0, "z": -1.0}, "out")))
    for shape in (LINE, DIAMOND, TWICE, UNNEEDED, LONG_WAY):
        judge(*forward_case(filled(draw, shape)))
    judge(*forward_case(filled(draw, DEAD, dead=True)))
    judge(*forward_case(ladder(RUNGS)))


@check("forward", points=2, visibility="hidden", needs=("forward_each_value",), hint=FORWARD)
def check_forward_any_graph(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any names, for a network, for a leaf, for a chain of 1,500, with inputs left over, and in float32"""
    for case in general_cases(draw):
        judge(*forward_case(case))
    graph, inputs, _, _ = filled(draw, LINE)
    judge(graph, {**inputs, "never asked": draw.scalar()}, "s")
    judge({}, {"x": draw.scalar()}, "x")


BACKWARD = "Which nodes use this one, and what does each of them pass down to it? When are all of these known?"


def backward_case(case: tuple[Graph, Values, Values, str]) -> tuple[Graph, Values, str]:
    """What backward gets of a case; the values have more names than are needed."""
    graph, _, values, output = case
    return graph, values, output


def general_cases(draw: CaseGenerator) -> Iterator[tuple[Graph, Values, Values, str]]:
    """Graphs of all kinds, the long ones, and one in float32."""
    yield filled(draw, ODD, output="")
    yield filled(draw, NETWORK)
    yield filled(draw, dict(reversed(NETWORK.items())), output="r")
    yield filled(draw, DIAMOND, output="x")
    if not draw.is_exact:
        yield chain(LONG)
    draw.single()
    yield filled(draw, DIAMOND)


@check("backward", points=6, hint=BACKWARD)
def check_backward_equals_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the derivative of the output by each node that it depends on, by itself too"""
    judge(*backward_case(given(dict(LINE), {"x": 2.0, "y": 1.0, "z": -1.0}, "out")))
    for shape in (LINE, DIAMOND, TWICE, UNNEEDED, LONG_WAY):
        judge(*backward_case(filled(draw, shape)))
    judge(*backward_case(filled(draw, DEAD, dead=True)))
    judge(*backward_case(ladder(RUNGS)))


@check("backward", points=6, visibility="hidden", needs=("backward_equals_autograd",), hint=BACKWARD)
def check_backward_any_graph(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any names, for a network, for a leaf, for a chain of 1,500, and in float32"""
    for case in general_cases(draw):
        judge(*backward_case(case))
