"""All that a check author imports: `check`, `oracle`, and what a check's two arguments, `judge` and `draw`, can do.

A check is a pytest function that draws cases and gives each to the judge:

    @oracle()
    def loss(functions, y_pred, y):
        return summed((y_pred - y) ** 2 / 2)

    @check("loss", points=1, hint="…?")
    def check_loss_sums_over_samples(judge, draw):
        \"""adds up half the squared residuals\"""
        for n in draw.sizes(4, 6):
            judge(draw.vector(n), draw.vector(n))

The student's function is called with the arguments of each case, and what comes back is compared with the oracle, and
with the reference solution where the kit has one. The two must agree with each other, else the check is at fault.
A check only draws its cases: it runs once for a whole class, before any function is called.
"""

import inspect
from collections.abc import Callable

from autograder.grading.cases import CaseGenerator, CaseRecorder
from autograder.grading.comparing import ExpectedValue, FormMismatch, as_float, moved, summed, terms
from autograder.grading.mistakes import Mistake, Variant, altered, composition, mapped, mistake, scaled, seen, turned
from autograder.grading.oracles import gradients, oracle, reader, reference_helper
from autograder.host.answers import Probe, RemoteConstructor, RemoteObject
from autograder.model import Check, Visibility, message

__all__ = [
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
    "check",
    "composition",
    "gradients",
    "mapped",
    "message",
    "mistake",
    "moved",
    "oracle",
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
