"""Graphs as exercise 8 has them, and what is right on small ones and does not come to an end on others."""

import sys
from typing import Any

from torch import Tensor

from autograder.checking import Variant, seen
from autograder.grading.evaluation import LATE

Graph = dict[str, list[str]]
Values = dict[str, Tensor]


def inputs_of(graph: Graph, name: str) -> list[str]:
    """What a node is computed from, nothing for a leaf."""
    return list(graph.get(name, ()))[1:]


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


def ways(graph: Graph, output: str) -> int:
    """How many ways lead from the output down to the leaves."""
    counts: dict[str, int] = {}
    for name in in_order(graph, output):
        counts[name] = sum(counts[each] for each in inputs_of(graph, name)) if name in graph else 1
    return counts[output]


def depth(graph: Graph, output: str) -> int:
    """How many nodes the longest way has."""
    depths: dict[str, int] = {}
    for name in in_order(graph, output):
        depths[name] = 1 + max((depths[each] for each in inputs_of(graph, name)), default=0)
    return depths[output]


def walking(function: str) -> Variant:
    """The variant that goes all ways, and so is late where there are too many."""

    def variant(functions: Any, graph: Graph, *rest: Any) -> Any:
        if ways(graph, rest[-1]) > 10**6:
            return seen(LATE)()
        return getattr(functions, function)(graph, *rest)

    return variant


def recursing(function: str, text: str, limit: int) -> Variant:
    """The variant that calls itself for each node, until Python stops it with these words, beyond a limit."""

    def variant(functions: Any, graph: Graph, *rest: Any) -> Any:
        if depth(graph, rest[-1]) > limit:
            raise RecursionError(text)
        return getattr(functions, function)(graph, *rest)

    return variant


EXCEEDED = "maximum recursion depth exceeded"
OWN_LIMIT = (sys.getrecursionlimit() // 3,)
DEPTHS = {"topological_order": (*OWN_LIMIT, 2000)}  # of the longest orders, one that a file raises, but not far enough
WORDS = ("", " in comparison", " while calling a Python object", " in __instancecheck__")


def unending(function: str) -> dict[str, tuple[str, str, tuple[Variant, ...]]]:
    """What is right on small graphs, and does not come to an end on others."""
    return {
        "paths-walked": (
            "right, but it goes every way through the graph, and 60 forks have more than 10¹⁸ ways",
            "If two nodes use the same input, how often does your code visit that input and all below it?",
            (walking(function),),
        ),
        "recursion-too-deep": (
            "it calls itself once for each node of a chain, and Python stops that, by itself at a depth of 1,000",
            "What could remember the nodes that still wait, in place of calls that wait for each other?",
            tuple(
                recursing(function, EXCEEDED + words, limit)
                for words in WORDS
                for limit in DEPTHS.get(function, OWN_LIMIT)
            ),
        ),
    }
