"""Known mistakes of exercise 8 on the way back: one walk, with something else at one of its places."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch

from autograder.checking import Variant, altered, composition, mapped
from autograder.mistakes.graphs import Graph, Values, in_order, inputs_of, unending
from autograder.mistakes.in_worker.tables import whole

Orders = Callable[[Graph, str], list[str]]
Share = Callable[[float, float], float]


def slopes_of(operation: str, values: list[float]) -> list[float]:
    """The derivatives of an operation, as plain numbers, for they are asked for thousands of times."""
    if operation == "add":
        return [1.0, 1.0]
    if operation == "mul":
        return values[::-1]
    (v,) = values
    return [
        {"exp": lambda: math.exp(v), "tanh": lambda: 1 - math.tanh(v) ** 2, "relu": lambda: float(v > 0)}[operation]()
    ]


def right_to_left(graph: Graph, output: str) -> list[str]:
    """An order in which the last inputs come first."""
    turned = {name: [node[0], *reversed(node[1:])] for name, node in graph.items()}
    return in_order(turned, output)


def by_levels(graph: Graph, output: str) -> list[str]:
    """An order by how far a name is from the leaves."""
    level: dict[str, int] = {}
    for name in in_order(graph, output):
        level[name] = 1 + max((level[each] for each in inputs_of(graph, name)), default=-1)
    return sorted(level, key=level.__getitem__)


def breadth_first(graph: Graph, output: str) -> list[str]:
    """What comes of going down from the output level by level, the output last: no right order where ways differ."""
    found, known = [output], {output}
    for name in found:
        fresh = [each for each in dict.fromkeys(inputs_of(graph, name)) if each not in known]
        known.update(fresh)
        found += fresh
    return found[::-1]


def walk(
    share: Share = lambda upstream, slope: upstream * slope,
    *,
    order: Orders = in_order,
    adds: bool = True,
    seed: Callable[[float], float] = lambda _: 1.0,
    turns: bool = True,
    once: bool = False,
    flat: tuple[str, ...] = (),
) -> Variant:
    """The variant of backward that goes through an order and passes down shares.

    `adds`: a share is added to what is there; `once`: a node that uses an input twice passes it one share; `seed` is
    the gradient of the output, by its value; `turns`: the order is gone through from its end; the derivatives of
    `flat` are 1.
    """

    def variant(_functions: Any, graph: Graph, values: Values, output: str) -> dict[str, float]:
        names = order(graph, output)
        numbers = {name: float(values[name]) for name in names}
        gradients = dict.fromkeys(names, 0.0)
        gradients[output] = seed(numbers[output])
        for name in reversed(names) if turns else names:
            if name not in graph:
                continue
            operation, *inputs = graph[name]
            slopes = [1.0] if operation in flat else slopes_of(operation, [numbers[each] for each in inputs])
            pairs = list(zip(inputs, slopes, strict=True))
            for each, slope in dict(pairs).items() if once else pairs:
                passed = share(gradients[name], slope)
                gradients[each] = gradients[each] + passed if adds else passed
        return gradients

    return variant


RIGHT_ORDERS = (in_order, right_to_left, by_levels)


def forms(**how: Any) -> Iterator[Variant]:
    """A walk in each of the usual orders."""
    yield from (walk(order=order, **how) for order in RIGHT_ORDERS)


BACKWARD = whole("backward", {
    "overwritten-not-added": (
        "a node that is used more than once keeps only one of its shares",
        "q = p + p: if p grows by ε, by how much does q grow, and what does p get, then?",
        (*forms(adds=False), *forms(adds=False, once=True), walk(once=True)),
    ),
    "upstream-ignored": (
        "the derivatives of the operations are there, and what comes from above is not in them",
        "∂L/∂s is 5 and s grows by 2 for each step of x: by how much does L grow?",
        (
            *(walk(lambda _, slope: slope, order=order, adds=adds) for order in RIGHT_ORDERS for adds in (True, False)),
        ),
    ),
    "added-not-multiplied": (
        "derivatives are added to what comes from above",
        "s grows by 2 for each step of x, and L by 5 for each step of s: is it 7 or 10 for each step of x?",
        (
            *(walk(lambda upstream, slope: upstream + slope, order=order, adds=adds)
              for order in RIGHT_ORDERS for adds in (True, False)),
        ),
    ),
    "activation-slope-missing": (
        "`exp` or `tanh` passes what comes from above down as it is",
        "Do `tanh` and `exp` grow as fast at 2 as they do at 0?",
        tuple(walk(flat=flat)
              for flat in (("exp",), ("tanh",), ("exp", "tanh"), ("relu", "tanh"), ("exp", "relu", "tanh"))),
    ),
    "mask-missing": (
        "`relu` passes everything down, also where its input is negative",
        "How much does relu(−2) change if −2 becomes −1.9?",
        (walk(flat=("relu",)),),
    ),
    "slopes-ignored": (
        "what comes from above is passed down as it is",
        "If this input moves by ε, by how much does the result of the operation move?",
        (walk(lambda upstream, _: upstream),),
    ),
    "seed-of-value": (
        "it begins with the value of the output in place of its gradient",
        "If the output grows by ε, by how much does the output grow?",
        (walk(seed=lambda value: value),),
    ),
    "seed-twice": (
        "the output's own gradient is 2",
        "If the output grows by ε, by how much does the output grow?",
        (walk(seed=lambda _: 2.0),),
    ),
    "order-not-turned": (
        "it goes through the order from its beginning, where nothing has come from above yet",
        "Whose gradient is known first: the leaves', or the output's?",
        (*forms(turns=False),),
    ),
    "passed-on-too-early": (
        "a node passes its gradient on before all its shares have come",
        "Which nodes must have had their turn before this one?",
        (walk(order=breadth_first),),
    ),
    "output-missing": (
        "all gradients are right, the output's own is left out",
        "If the output moves by ε, by how much does the output move?",
        (altered("backward", lambda right, *given: {name: right[name] for name in right if name != given[-1]}),),
    ),
    "leaves-missing": (
        "the gradients of the leaves are left out",
        "Of which names would a step downhill change the values?",
        (altered("backward", lambda right, graph, *_: {name: right[name] for name in right if name in graph}),),
    ),
    "leaves-only": (
        "only the leaves have a gradient",
        "The description asks for the gradient of which names?",
        (altered("backward", lambda right, graph, *_: {name: right[name] for name in right if name not in graph}),),
    ),
    "sign-flipped": (
        "right sizes, opposite sign",
        "If the output grows by ε, by how much does the output grow?",
        (altered("backward", lambda right, *_: mapped(right, lambda value: -value)),),
    ),
    **unending("backward"),
})  # fmt: skip


@composition("backward", "local_gradients")
def share_by_share(functions: Any, graph: Graph, values: Values, output: str) -> Values:
    """Go back through the order and add up shares."""
    order = in_order(graph, output)
    gradients = {name: torch.zeros((), dtype=torch.float64) for name in order}
    gradients[output] = torch.ones((), dtype=torch.float64)
    for name in (each for each in reversed(order) if each in graph):
        operation, *names = graph[name]
        slopes = functions.local_gradients(operation, [values[each] for each in names])
        for each, slope in zip(names, slopes, strict=True):
            gradients[each] = gradients[each] + gradients[name] * slope
    return gradients
