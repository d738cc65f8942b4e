"""Known mistakes of exercise 8: your own autograd."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant, altered, composition, seen
from autograder.mistakes.common import cut_to_whole_numbers, sign_flipped
from autograder.mistakes.exercise8_backward import BACKWARD as BACKWARD
from autograder.mistakes.exercise8_backward import share_by_share as share_by_share
from autograder.mistakes.graphs import Graph, Values, in_order, unending
from autograder.mistakes.in_worker.tables import whole

Slopes = list[Any]


# One operation


def doing(operation: str, formula: Callable[..., Any]) -> Variant:
    """The variant of evaluate that does something else for one operation."""
    return lambda functions, asked, values: (
        formula(*values) if asked == operation else functions.evaluate(asked, values)
    )


def passing(*names: str) -> Variant:
    """The variant of evaluate that gives back the input of some operations."""
    return lambda functions, asked, values: values[0] * 1 if asked in names else functions.evaluate(asked, values)


EVALUATE = whole("evaluate", {
    "activation-missing": (
        "an operation gives back its input as it is",
        "What do `relu` and `tanh` make of −2?",
        (
            *(doing(operation, lambda v: v * 1) for operation in ("relu", "tanh", "exp")),
            *(passing(*names) for names in (("relu", "tanh"), ("relu", "tanh", "exp"))),
        ),
    ),
    "operations-crossed": (
        "one operation does what another one should",
        "Which name asks for a sum, and which for a product?",
        (
            doing("add", lambda u, v: u * v), doing("mul", lambda u, v: u + v),
            lambda functions, asked, values: functions.evaluate({"add": "mul", "mul": "add"}.get(asked, asked), values),
            doing("tanh", torch.relu), doing("relu", torch.tanh),
        ),
    ),
    "absolute-value": (
        "`relu` gives a negative number's size",
        "What should be left of −2?",
        (doing("relu", abs),),
    ),
    "sign-flipped": (
        "one operation has the opposite sign",
        "What is e to the power of 0, and what is e to the power of 1?",
        (
            doing("exp", lambda v: torch.exp(-v)), doing("tanh", lambda v: -torch.tanh(v)),
            doing("add", lambda u, v: u - v),
        ),
    ),
})  # fmt: skip
EVALUATE_INTEGERS = cut_to_whole_numbers("evaluate")


# The derivatives of one operation


def sloping(operation: str, formula: Callable[..., Slopes]) -> Variant:
    """The variant of local_gradients that has another derivative for one operation."""
    return lambda functions, asked, values: (
        formula(*values) if asked == operation else functions.local_gradients(asked, values)
    )


def flat(*names: str) -> Variant:
    """The variant of local_gradients that takes the derivatives of some operations for 1."""
    return lambda functions, asked, values: (
        [one(values[0])] if asked in names else functions.local_gradients(asked, values)
    )


def one(v: Tensor) -> Tensor:
    """The number 1."""
    return v * 0 + 1


LOCAL = whole("local_gradients", {
    "inputs-crossed": (
        "`mul`: each input has the derivative of the other",
        "u·v: if v grows by ε, is it u times ε or v times ε that is added?",
        (sloping("mul", lambda u, v: [u, v]),),
    ),
    "mask-missing": (
        "`relu` lets everything pass, also where its input is negative",
        "How much does relu(−2) change if −2 becomes −1.9?",
        (sloping("relu", lambda v: [one(v)]),),
    ),
    "mask-turned": (
        "`relu` lets pass what it should stop, and stops the rest",
        "On which side of 0 is `relu` flat?",
        (sloping("relu", lambda v: [(v < 0) * 1.0]),),
    ),
    "activation-slope-missing": (
        "the derivative of `tanh`, or of other operations, is taken for 1",
        "Do `tanh` and `exp` grow as fast at 2 as they do at 0?",
        (
            sloping("tanh", lambda v: [one(v)]), sloping("exp", lambda v: [one(v)]),
            flat("exp", "tanh"), flat("relu", "tanh"), flat("relu", "exp", "tanh"),
        ),
    ),
    "activation-slope-of-output": (
        "the derivative is taken at the value of the operation, not at its input",
        "At which number is the derivative due: at v, or at tanh v?",
        (
            sloping("tanh", lambda v: [1 - torch.tanh(torch.tanh(v)) ** 2]),
            sloping("exp", lambda v: [torch.exp(torch.exp(v))]),
        ),
    ),
    "value-for-slope": (
        "the value of the operation stands where its derivative should",
        "A product of 2 and 5 is 10. By how much does it grow if the 2 grows by 0.1?",
        (
            sloping("tanh", lambda v: [torch.tanh(v)]), sloping("relu", lambda v: [torch.relu(v)]),
            sloping("mul", lambda u, v: [u * v, u * v]), sloping("add", lambda u, v: [u + v, u + v]),
        ),
    ),
    "input-for-slope": (
        "`add` has its inputs in the place of its derivatives",
        "u + v: if u grows by 0.1, by how much does the sum grow?",
        (sloping("add", lambda u, v: [u, v]), sloping("add", lambda u, v: [v, u])),
    ),
    "product-as-sum": (
        "`mul` has the derivatives of a sum",
        "2·5: if the 2 grows by 0.1, does the product grow by 0.1?",
        (sloping("mul", lambda u, v: [one(u), one(v)]),),
    ),
    "power-rule": (
        "`exp` is differentiated as if it were a power of its input",
        "In eᵛ, where does the v stand: below, or above?",
        (sloping("exp", lambda v: [v * torch.exp(v - 1)]), sloping("exp", lambda v: [v * torch.exp(v)])),
    ),
    "square-missing": (
        "the derivative of `tanh` lacks its square",
        "How fast does `tanh` grow at 0, and how fast at −10?",
        (sloping("tanh", lambda v: [1 - torch.tanh(v)]),),
    ),
    "input-squared": (
        "the derivative of `tanh` has the input where the output is due",
        "At v = 3, 1 − v² is −8. Does `tanh` fall there?",
        (sloping("tanh", lambda v: [1 - v**2]),),
    ),
    "sign-flipped": (
        "the derivative of one operation has the opposite sign",
        "Do `tanh` and `exp` rise or fall?",
        (sloping("tanh", lambda v: [torch.tanh(v) ** 2 - 1]), sloping("exp", lambda v: [-torch.exp(v)])),
    ),
    "plus-for-minus": (
        "the derivative of `tanh` has a plus for its minus",
        "Does `tanh` grow faster at 2 or at 0?",
        (sloping("tanh", lambda v: [1 + torch.tanh(v) ** 2]),),
    ),
})  # fmt: skip
LOCAL_SIGN = replace(
    sign_flipped("local_gradients"), question="If an input grows a little, does the result rise or fall?"
)
LOCAL_INTEGERS = cut_to_whole_numbers("local_gradients")


ORDER = whole("topological_order", {
    "swapped": (
        "the order is turned round: the output comes first, its inputs later",
        "Which is known first when a formula is worked out: the result, or what goes into it?",
        (seen("turned"),),
    ),
    "inputs-too-late": (
        "some names stand before what they need",
        "May a node be written down as soon as it is met, or only once all its inputs are there?",
        (seen("early"),),
    ),
    "leaves-missing": (
        "the nodes are there, the leaves are not",
        "Does the output depend on the leaves?",
        (seen("leaves"),),
    ),
    "output-missing": ("the output itself is missing", "Is the output one of the nodes?", (seen("output"),)),
    "repeated": (
        "a name is in it more than once",
        "If two nodes use the same input, how often should its name be written down?",
        (seen("twice"),),
    ),
    "unneeded": (
        "it also names what the output does not depend on",
        "Where should the search begin: at all names of the graph, or at the output?",
        (seen("unneeded"),),
    ),
    **unending("topological_order"),
})  # fmt: skip


# Forward


@composition("forward", "evaluate")
def node_by_node(functions: Any, graph: Graph, inputs: Values, output: str) -> Values:
    """Evaluate the nodes in order."""
    values: Values = {}
    for name in in_order(graph, output):
        values[name] = (
            functions.evaluate(graph[name][0], [values[each] for each in graph[name][1:]])
            if name in graph
            else torch.as_tensor(inputs[name], dtype=torch.float64)
        )
    return values


FORWARD = whole("forward", unending("forward") | {
    "leaves-missing": (
        "the nodes have their values, the leaves are left out",
        "Which values will the way back ask for, besides those of the nodes?",
        (altered("forward", lambda right, graph, *_: {name: right[name] for name in right if name in graph}),),
    ),
})  # fmt: skip
