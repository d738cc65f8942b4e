"""What of torch's code does the exercise, known by what it holds; the routes are in tests/corpus/by_hand."""

import types
from pathlib import Path

import pytest
import torch
from places import CORPUS, DATASETS
from students import script

from autograder.host.answers import Raised, Returned
from autograder.model import Limits
from autograder.worker import library_code

DECOMPOSITIONS = Path(torch.__file__).parent / "_decomp/decompositions.py"


def refuse(*_arguments, **_keywords):
    raise RuntimeError("off")


def parts(text: str) -> dict[str, types.CodeType]:
    return {part.co_name: part for part in library_code._all_parts(compile(text, "", "exec"))}


@pytest.fixture(scope="module")
def index():
    found: library_code.Index = {}
    for part in library_code.parts_that_do_it(compile(DECOMPOSITIONS.read_text(), "", "exec")):
        library_code._learn(found, part)
    return found


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("backward", True), ("vjp", True), ("mse_loss_backward", True), ("_nll_loss_forward", True), ("kl_div", True),
        ("huberloss_reference", True), ("mse_loss_reference_fn", True), ("conv_unfold_weight_grad_sample", True),
        ("register_full_backward_hook", False), ("_register_jit_decomposition_for_jvp", False),
        ("check_backward_validity", False), ("save_for_backward", False), ("forward", False), ("kl_divergence", False),
    ],
)  # fmt: skip
def test_functions_are_known_by_their_names(name, does):
    assert library_code._does_the_exercise(name) is does


def test_what_does_the_exercise_raises_at_any_depth_and_keeps_its_parameters():
    text = (
        "def outer(z):\n    def backward(ctx, g, *, scale=2):\n        yield ctx, g, scale, z\n    return backward\n"
        "class F:\n    def jvp(self, *grads, **more): return lambda: self\n    def forward(self): return 3\n"
    )
    names: dict = {}
    exec(library_code.without(compile(text, "", "exec"), refuse), names)
    backward, made = names["outer"](1), names["F"]()
    assert made.forward() == 3
    assert backward.__code__.co_varnames[:3] == ("ctx", "g", "scale")
    for call in (lambda: backward(1, 2), lambda: backward(1, 2, scale=3), lambda: made.jvp(1, a=2)):
        with pytest.raises(RuntimeError, match="off"):
            call()


SAME = """
def delta(g, p, t, reduction):
    share = 2.0 / p.numel() if reduction == Reduction.MEAN.value else 2.0
    return share * (p - t) * g
"""


class TestMetAgain:
    def test_under_other_names(self, index):
        assert library_code._is_met(index, parts(SAME)["delta"])

    def test_within_other_code(self, index):
        nested = "def f(x):\n    class A:\n" + "".join(f"        {line}\n" for line in SAME.splitlines())
        assert library_code._is_met(index, compile(nested, "", "exec"))

    def test_with_a_docstring_annotations_and_a_line_more(self, index):
        text = SAME.replace("(g, p,", "(g: 'Tensor', p: int,").replace("    share", "    '''Mine.'''\n    share", 1)
        assert library_code._is_met(index, parts(text.replace("    return", "    print(g)\n    return"))["delta"])

    def test_as_statements_that_are_run(self, index):
        lines = "\n".join(line.strip().replace("return ", "result = ") for line in SAME.splitlines()[2:])
        assert library_code._is_met(index, compile(lines, "", "exec"))

    @pytest.mark.parametrize(
        "text",
        [
            "def f(g, p, t): return 2.0 / p.numel() * (p - t) * g",
            "def loss(p, t):\n    r = p - t\n    return (r * r).sum() / 2",
            "def f(ctx, g):\n    x, w = ctx.saved_tensors\n    return g @ w.T, x.T @ g",
        ],
    )
    def test_not_what_anybody_writes(self, index, text):
        assert not library_code._is_met(index, compile(text, "", "exec"))

    def test_not_a_submission(self, index):
        for path in (CORPUS / "right").rglob("*.py"):
            assert not library_code._is_met(index, library_code._compiled(path.read_bytes())), path

    def test_not_what_the_file_writes_out_itself(self, index):
        kept = {name: list(known) for name, known in index.items()}
        library_code._forget(kept, ["%time x", f"%%writefile mine.py\n{SAME}"])
        assert not library_code._is_met(kept, parts(SAME)["delta"])
        huber = next(code for name, code in parts(DECOMPOSITIONS.read_text()).items() if name == "huber_loss_backward")
        assert library_code._is_met(kept, huber)


def called(fork_server, code: str):
    worker = fork_server.worker(DATASETS, Limits())
    loaded = worker.load(script(code), "exercise1")
    assert not loaded.stopped
    answer = worker.call("f", [], 60)
    worker.close()
    return answer


def test_a_pasted_function_of_torchs_is_the_students_own(fork_server):
    head = "from torch._decomp.decompositions import Reduction\n"
    answer = called(fork_server, f"{head}{SAME}\ndef f(): return delta(1.0, torch.ones(1), 0.5, 2)\nimport torch")
    assert isinstance(answer, Returned)
    assert answer.breach is None
    tampered = 'import sys\nsys.audit("autograder.submitted", [TEXT])\nexec(TEXT)\n'
    text = SAME.replace("share", "part")
    answer = called(
        fork_server, f"def f():\n    TEXT = {text!r}\n" + "".join(f"    {x}\n" for x in tampered.split("\n"))
    )
    assert isinstance(answer, Raised)
    assert answer.breach is not None


@pytest.mark.parametrize(
    "module",
    ["torch._dynamo", "torch.onnx", "torch.distributed.fsdp", "torch.nn.utils._expanded_weights", "torch.export",
     "torch.distributed.optim", "torch.utils.checkpoint", "sympy.solvers", "torch.ao.quantization", "unittest.mock"],
)  # fmt: skip
def test_modules_can_still_be_imported(fork_server, module):
    answer = called(fork_server, f"def f():\n    import {module}\n    return True")
    assert answer == Returned(True)


def test_a_loader_that_lies_about_its_file_does_not_help(fork_server):
    lying = (
        "import importlib.util, numpy\nfrom importlib.machinery import SourceFileLoader\n"
        f"class Lying(SourceFileLoader):\n    def get_data(self, path): return {SAME!r}.encode()\n"
        "    def path_stats(self, path): raise OSError\n"
        "def f():\n    spec = importlib.util.spec_from_loader('mine', Lying('mine', numpy.__file__))\n"
        "    module = importlib.util.module_from_spec(spec)\n    spec.loader.exec_module(module)\n    return True\n"
    )
    answer = called(fork_server, lying.replace("def delta", "def my_delta").replace("share", "part"))
    assert isinstance(answer, Raised)
    assert answer.breach is not None
