"""Files whose functions leave nothing behind: which are vouched for, which are not, and that it changes no verdict."""

from dataclasses import replace
from pathlib import Path

import pytest
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.grading import verdict
from autograder.grading.grader import Options, grade
from autograder.grading.leftovers import reachable
from autograder.host.fork_server import ForkServer
from autograder.model import Report
from autograder.submissions.submission import read_submission

GRADED = ("predict", "loss", "update")
PLAIN = """
import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

NAMES = ("a", "b")
Parameters = dict[str, Tensor]
half: float = -1 / 2


def predict(parameters: Parameters, x: Tensor, *, power=1) -> Tensor:
    \"\"\"A line.\"\"\"
    if len(x) == 0:
        raise ValueError("no samples")
    return parameters["a"] * x**power + parameters["b"]


def helper(y_pred, y):
    total = 0.0
    for ours, theirs in zip(y_pred, y):
        total += (ours - theirs) ** 2
    return torch.sum(torch.stack([total])) * math.sqrt(half * half)


def loss(y_pred, y):
    return helper(y_pred, y)


def update(parameters, gradients, rates):
    new = dict(parameters)
    for name in NAMES:
        new[name] = parameters[name] - rates[name] * gradients[name]
    with torch.no_grad():
        scaled = {name: value.clone().mul_(2) for name, value in new.items()}
    return new


def main():
    print(Path("here").read_text(), loss.__doc__)


if __name__ == "__main__":
    torch.set_default_dtype(torch.float32)
    main()
"""


def added(text: str, name: str = "predict") -> str:
    """The plain file with a line more at the start of a function."""
    head, signature, rest = PLAIN.partition(f"def {name}(")
    line, _, body = rest.partition(":\n")
    return f"{head}{signature}{line}:\n    {text}\n{body}"


def test_a_plain_file_is_vouched_for_with_what_calls_what():
    assert reachable([PLAIN], GRADED) == {
        "predict": frozenset({"predict"}),
        "loss": frozenset({"loss", "helper"}),
        "update": frozenset({"update"}),
    }


def test_cells_are_one_file():
    head, middle, tail = PLAIN.partition("def loss(")
    assert reachable([head, middle + tail], GRADED) == reachable([PLAIN], GRADED)


def test_what_is_not_there_leaves_nothing():
    assert reachable(["import torch"], GRADED) == dict.fromkeys(GRADED, frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "global half",
        "torch.set_default_dtype(torch.float32)",
        "torch.manual_seed(0)",
        "torch.sum = 5",
        "torch.nn.functional.relu(x)",
        "t = torch",
        "np.random.seed(0)",
        "x = torch.empty(3)",
        "loss.calls = 1",
        "loss.__defaults__",
        "del loss.calls",
        "Path('x').write_text('')",
        "open('x', 'w')",
        "globals()['loss'] = 5",
        "setattr(torch, 'sum', 5)",
        "import random",
        "unknown(3)",
        "class Made: pass",
        "import torch",
        "\n    @unknown\n    def inner(): pass",
        "def inner(made=[]): pass",
        "lambda made={}: 1",
        "match x:\n        case _: pass",
        "nested = lambda torch: torch.set_default_dtype",
        "Path = [Path for Path in x]",
        "key = lambda Path: Path",
        "made = [open for open in x]",
        "(i for i in x).gi_frame",
        "x.new_empty(3)",
        "x.resize_(9)",
        "x.uniform_()",
        "torch.Tensor(3)",
        "Tensor(3)",
        "np.ndarray(3)",
        "type(x)(3)",
    ],
)
def test_a_function_that_may_leave_something_is_not_vouched_for(text):
    compile(added(text), "x.py", "exec")
    assert reachable([added(text)], GRADED) is None
    assert reachable([added(text, "main")], GRADED) is not None, "nothing graded calls it"
    assert reachable([added(text, "helper")], GRADED) is None, "loss calls it"


@pytest.mark.parametrize(
    "text",
    [
        "CACHE = {}",
        "weights = torch.zeros(3)",
        "torch.set_default_dtype(torch.float64)",
        "torch.sum = 5",
        "from torch import *",
        "predict = loss",
        "t = torch",
        "for name in NAMES: pass",
        "def predict(x, made=[]): return x",
        "def predict(x, sink=torch): return x",
        "@unknown\ndef predict(x): return x",
        "@unknown\nclass predict: pass",
        "class predict: pass",
        "class Setup:\n    predict.seen = []",
        "if __name__ != '__main__':\n    STATE = []",
        "if __name__ == '__main__':\n    pass\nelse:\n    predict = unknown(predict)",
        "if __name__ == '__main__':\n    pass\nelif True: STATE = []",
        "if __name__ == (STATE := []): pass",
        "if '__main__' == __name__: pass",
        "__name__ = '__main__'",
        "from torch import float32 as __name__",
        "def other(x: (half := [])): pass",
        "def other(x):\n    def inner(x: (half := [])): pass",
        "def other(x) -> made(): pass",
        "from torch import Tensor as Made\ndef predict(x): return Made(3)",
        "from elsewhere import predict",
        "from torch import manual_seed as sum\ndef predict(x): return sum(x)",
        "import random as math",
        "async def predict(x): return x",
        "x: int",
        "%matplotlib inline",
        "def broken(",
    ],
)
def test_a_file_of_which_something_is_not_known_is_not_vouched_for(text):
    assert reachable([f"{PLAIN}\n{text}\n"], GRADED) is None


def test_a_local_name_hides_no_call_of_the_files_function():
    found = reachable([added("losses = [loss for loss in x]")], GRADED)
    assert found is not None
    assert "loss" in found["predict"]


class TestVerdicts:
    @pytest.mark.parametrize("name", ["exercise1", "exercise2", "exercise4"])
    def test_vouching_changes_none(self, fork_server: ForkServer, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        exercise = find_exercise(KIT, name)
        graded = [function for function, _ in exercise.functions]
        paths = sorted((KIT / "tests" / "corpus").glob(f"*/{name}/*.py"))[::3]
        vouched = [path for path in paths if reachable([path.read_text(encoding="utf-8")], graded) is not None]
        assert len(vouched) > len(paths) / 3
        with_it = self.reports(fork_server, name, vouched)
        monkeypatch.setattr(verdict, "reachable", lambda *_: None)
        assert self.reports(fork_server, name, vouched) == with_it

    def reports(self, fork_server: ForkServer, name: str, paths: list[Path]) -> dict[str, Report]:
        found: list[Report] = []
        grade(find_exercise(KIT, name), map(read_submission, paths), found.append, fork_server, Options())
        return {path.name: self.timeless(report) for path, report in zip(paths, found, strict=True)}

    @staticmethod
    def timeless(report: Report) -> Report:
        checks = tuple(replace(result, seconds=0.0) for result in report.checks)
        return replace(report, seconds=0.0, checks=checks, printed="")  # a flood is cut off somewhere
