"""What is said of an exception that some code raises, as a worker would tell it."""

import linecache
import warnings

from autograder.grading.exceptions import explained
from autograder.grading.raising import Raising, Sentence
from autograder.host.answers import Frame, Raised
from autograder.worker.exceptions import described

FILE = "<a student's file>"
BEGIN = """\
import math
import numpy as np
import torch
from torch import nn
from torch.utils.data import TensorDataset
x = torch.tensor([1.0, 2.0, 3.0, 4.0], dtype=torch.float64)
y = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
W = torch.ones(2, 3, dtype=torch.float64)
s = torch.tensor(0.5, dtype=torch.float64)
parameters = {"a": s, "b": s}
numbers = [s, s]
nothing = None
"""
FUNCTIONS = ("predict", "loss", "update")


def raised(code: str, *, function: str = "f", arguments: tuple[object, ...] = ({"a": 1, "b": 2},)) -> Sentence | None:
    """What is said where a function with these lines is called; the names of BEGIN are its own."""
    lines = [f"def {function}(parameters=None):", *("    " + line for line in (BEGIN + code).splitlines())]
    text = "\n".join([*lines, "", f"{function}()", ""])
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    warnings.simplefilter("ignore")  # of what is odd in the code; pytest puts this back
    try:
        exec(compile(text, FILE, "exec", dont_inherit=True), {"__name__": "exercise1"})
    except BaseException as error:  # noqa: BLE001 - whatever the code raises
        told = described(error, {FILE: "mine.py"})
    else:
        raise AssertionError(f"nothing was raised by {code}")
    found = Raised(
        told["type"],
        told["text"],
        tuple(Frame(*frame) for frame in told["trace"]),
        names=tuple((name, kind) for name, kind in told.get("names", ())),
        near=told.get("near", ""),
    )
    return explained(Raising(found, function, ("parameters",), arguments, FUNCTIONS))
