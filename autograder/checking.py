"""All that a check author imports: `check`, `oracle`, and what a check's two arguments, `judge` and `draw`, can do.

A check is a pytest function that draws cases and gives each to the judge:

    @oracle()
    def length(functions, edges):
        return summed(edges.abs())

    @check("length", points=1, hint="…?")
    def check_length_adds_up_all_edges(judge, draw):
        \"""adds up the lengths of all edges\"""
        for n in draw.sizes(4, 6):
            judge(draw.vector(n))

The student's function is called with the arguments of each case, and what comes back is compared with the oracle, and
with the reference solution where the kit has one. The two must agree with each other, else the check is at fault.
A check only draws its cases: it runs once for a whole class, before any function is called.
"""

import inspect
from collections.abc import Callable

from autograder.grading.cases import CaseGenerator, CaseRecorder, paper
from autograder.grading.comparing import ExpectedValue, FormMismatch, as_float, as_tensor, mapped, moved, summed, terms
from autograder.grading.mistakes import Mistake, Variant, altered, composition, mistake, scaled, seen, turned
from autograder.grading.oracles import gradients, oracle, reader, reference_helper
from autograder.host.answers import CALL, Probe, RemoteConstructor, RemoteObject
from autograder.model import Check, Visibility, message

__all__ = [
    "CALL",
    "CaseGenerator",
    "CaseRecorder",
    "ExpectedValue",
    "FormMismatch",
    "Mistake",
    "Probe",
    "RemoteConstructor",
    "RemoteObject",
    "Variant",
    "altered",
    "as_float",
    "as_tensor",
    "check",
    "composition",
    "gradients",
    "mapped",
    "message",
    "mistake",
    "moved",
    "oracle",
    "paper",
    "reader",
    "reference_helper",
    "scaled",
    "seen",
    "summed",
    "terms",
    "turned",
]


def check(
    function: str, *, points: int, hint: str, visibility: Visibility = "visible", needs: tuple[str, ...] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a pytest function a check of `function`; its docstring is the sentence that a student reads.

    `hint` is one leading question, `needs` names the checks without which this one says nothing new.
    """

    def mark(body: Callable[..., None]) -> Callable[..., None]:
        name = body.__name__.removeprefix("check_")
        summary = inspect.getdoc(body) or ""
        vars(body)["check"] = Check(name, function, summary, visibility, points, needs, hint)
        return body

    return mark
