"""What a visible check that failed says."""

import pytest

from autograder.grading.comparing import NOTHING
from autograder.grading.evaluation import CALLER, CheckFailed
from autograder.grading.telling import HIDDEN, Source, reached, told, told_hidden
from autograder.host.answers import Frame, Raised
from autograder.model import Cell, Check, CheckResult, Evidence, message

CHECK = Check("loss_sums", "loss", "adds up", "visible", 1, (), "why?")
CASE = Evidence((("x", "tensor (4,)"),), trace=("mine.py, line 2, in loss: return ypred",))


def result(failure: CheckFailed, code: str = "") -> CheckResult:
    return told(CHECK, failure, ("y_pred", "y"), Source((Cell("mine.py", code),), ("loss",)))


def failed(raised: Raised) -> CheckFailed:
    return CheckFailed("raised", message("it raises {error}", error=raised.type_name), CASE, raised=raised, question="")


def test_an_exception_has_its_line_and_what_python_says_and_no_case():
    frame = Frame("mine.py", 2, "loss", "return ypred")
    shown = result(failed(Raised("NameError", "name 'ypred' is not defined", (frame,), near="y_pred")))
    assert str(shown.message) == "line 2: `ypred` is not defined; did you mean `y_pred`?"
    assert shown.evidence.python == "NameError: name 'ypred' is not defined. Did you mean: 'y_pred'?"
    assert (shown.evidence.case, shown.question) == ((), "")


def test_in_a_notebook_the_cell_is_named():
    frame = Frame("cell 3", 2, "loss", "return 1 / 0")
    shown = result(failed(Raised("ZeroDivisionError", "division by zero", (frame,))))
    assert str(shown.message).startswith("cell 3, line 2: something is divided by zero")


def test_where_sizes_do_not_fit_they_are_shown():
    shown = result(failed(Raised("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (5x3 and 2x3)")))
    assert (str(shown.message), shown.evidence.case) == ("in this product (5, 3) meets (2, 3)", CASE.case)


def test_what_no_rule_knows_stays_as_python_says_it():
    shown = result(failed(Raised("OddError", "odd")))
    assert (str(shown.message), shown.evidence.python, shown.question) == ("it raises OddError", "", "")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("print(y)", "it prints a value and returns none"),
        ("return print(y)", "it returns what `print` gives, and that is nothing"),
        ("y = y + 1", "it has no `return`"),
        ("return total.append(y)", "`.append( )` changes a list or dict and gives nothing back"),
        ("if y:\n        return y", "nothing comes back (None)"),
    ],
)
def test_why_nothing_comes_back(body, said):
    failure = CheckFailed("type", message(NOTHING), question="")
    shown = result(failure, f"def loss(y_pred, y):\n    {body}\n")
    assert said in str(shown.message)
    assert shown.question.endswith("?")


def test_an_empty_grad_is_no_missing_return():
    failure = CheckFailed("type", message("{where} is None", where="`a1`"), question="")
    assert (
        str(result(failure, "def loss(x, y):\n    return {'a1': x.grad}\n").message)
        == "`.grad` of `a1` is empty (None)"
    )
    assert str(result(failure, "def loss(x, y):\n    return {'a1': None}\n").message) == "`a1` is None"


def test_a_mark_of_autograd_is_no_changed_value():
    text = message("{changed} {verb} changed in place", changed="`parameters`", verb="was")
    shown = result(
        CheckFailed("changed", text, question=CALLER), "def loss(p, y):\n    p.requires_grad_()\n    return p\n"
    )
    assert str(shown.message) == "`parameters`: its tensors come back with requires_grad on"
    shown = result(CheckFailed("changed", text, question=CALLER), "def loss(p, y):\n    p -= y\n    return p\n")
    assert (str(shown.message), shown.question) == ("`parameters` was changed in place", CALLER)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("return F.mse_loss(y_pred, y)", "mse_loss"),
        ("value.backward()", "backward"),
        ("return nn.MSELoss()(a, b)", "nn.MSELoss"),
        ("torch.autograd.grad(a, b)", "autograd.grad"),
        ("optimizer = torch.optim.SGD([a])", "optim.SGD"),
        ("return a.grad", "grad"),
    ],
)
def test_a_breach_names_what_it_reached_for(line, name):
    assert str(reached(line)).startswith(f"`{name}` is switched off")


def test_what_an_exercise_forbids_is_named_too():
    assert str(reached("return nn.LogSoftmax(1)(Z)", ("softmax",))).startswith("`LogSoftmax` is switched off")
    assert reached("return nn.LogSoftmax(1)(Z)") is None


def test_where_the_line_does_not_tell_nothing_is_named():
    assert reached("return helper(x)") is None


def test_a_function_is_a_stub_where_its_body_is_the_stubs():
    code = "def loss(a, b):\n    raise NotImplementedError\ndef f(a):\n    a = 1\n    raise NotImplementedError\n"
    source = Source((Cell("mine.py", code),), ("loss", "f"))
    assert source.is_stub(Frame("mine.py", 2, "loss", ""), "loss")
    assert not source.is_stub(Frame("mine.py", 5, "f", ""), "f")
    assert not source.is_stub(Frame("elsewhere.py", 2, "loss", ""), "loss")
    assert source.text("f").startswith("def f(a):")


@pytest.mark.parametrize("kind", HIDDEN)
def test_of_a_hidden_check_only_the_kind_is_said(kind):
    shown = told_hidden(CHECK, kind)
    assert (shown.message, shown.evidence) == (HIDDEN[kind], None)
    assert shown.question == (None if kind in ("raised", "type", "shape", "finite", "value") else "")
