"""Exercise 8's orders: any right one is right, so an order is read by its graph, and no single answer is due.

It is part of the student kit as it stands: it says whether an order is right, and not how to find one.
"""

from collections.abc import Sequence
from typing import Any

import torch

from autograder.checking import FormMismatch, Probe, message, reader
from autograder.grading.labels import quoted

Graph = dict[str, list[str]]


def inputs_of(graph: Graph, name: str) -> list[str]:
    """What a node is computed from, nothing for a leaf."""
    return list(graph.get(name, ()))[1:]


def needed(graph: Graph, output: str) -> set[str]:
    """The output and all that it depends on."""
    found, left = {output}, [output]
    while left:
        fresh = [name for name in inputs_of(graph, left.pop()) if name not in found]
        found.update(fresh)
        left += fresh
    return found


@reader("topological_order")
def read_order(_probe: Probe, order: Any, graph: Graph, output: str) -> tuple[Any, dict[str, Any]]:
    """Hold an order against its graph: each name once, and after all its inputs."""
    if not isinstance(order, list | tuple) or not all(isinstance(name, str) for name in order):
        raise FormMismatch("type", message("a list of names is due, and something else came back"))
    if not _is_right(order, graph, output):
        _refuse(list(order), graph, output)
    return torch.tensor(float(len(order)), dtype=torch.float64), {}


def _is_right(order: Sequence[str], graph: Graph, output: str) -> bool:
    """Whether an order is right, found in one pass: all but the output is used by what comes later."""
    known: set[str] = set()
    used = {output}
    for name in order:
        inputs = graph.get(name, ())[1:]
        if not known.issuperset(inputs):
            return False
        known.add(name)
        used.update(inputs)
    return len(order) == len(known) and known == used


def _refuse(order: list[str], graph: Graph, output: str) -> None:
    """FormMismatch that says what is wrong with an order."""
    due, found = needed(graph, output), set(order)
    known = due | graph.keys() | {name for node in graph for name in inputs_of(graph, node)}
    unneeded = [name for name in order if name not in due]
    if unneeded:
        sign = "unneeded" if found >= due and found <= known else ""
        text = message("{name} is in it, and {output} does not depend on it", name=_shown(unneeded[0]), output=output)
        raise FormMismatch("value", text, sign=sign)
    missing = sorted(due - found)
    if missing:
        sign = "leaves" if found == due & graph.keys() else "output" if missing == [output] else ""
        raise FormMismatch("value", message("{name} is missing from it", name=_shown(missing[0])), sign=sign)
    if len(order) > len(found):
        twice = next(name for at, name in enumerate(order) if name in order[:at])
        raise FormMismatch("value", message("{name} is in it more than once", name=_shown(twice)), sign="twice")
    early = _early(order, graph)
    if early is not None:
        sign = "turned" if _early(order[::-1], graph) is None else "early"
        text = message("{name} stands before {needs}, which it needs", name=_shown(early[0]), needs=_shown(early[1]))
        raise FormMismatch("value", text, sign=sign)


def _early(order: list[str], graph: Graph) -> tuple[str, str] | None:
    """The first name that stands before one of its inputs, and that input."""
    place = {name: at for at, name in enumerate(order)}
    pairs = ((name, other) for name in order for other in inputs_of(graph, name) if place[other] > place[name])
    return next(pairs, None)


def _shown(name: str) -> str:
    return quoted(name[:40]) if name.isidentifier() else f'"{name[:40]}"'
