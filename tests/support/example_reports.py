"""Reports made by hand, one of each kind that a student may get."""

from dataclasses import replace
from pathlib import Path

from autograder.exercise import Exercise
from autograder.model import (
    Cell,
    Check,
    CheckResult,
    Evidence,
    FunctionResult,
    GraderRecord,
    Outcome,
    Problem,
    Report,
    Submission,
    Violation,
    Visibility,
    WrongPart,
    message,
)

KIT = Path("kit")
EXERCISE = Exercise(
    name="exercise2",
    title="Two layers, one factor",
    functions=(
        ("forward", 3),
        ("loss", 2),
        ("manual_gradients", 6),
        ("chain_rule_gradients", 10),
        ("update", 2),
        ("train_step", 5),
        ("collapse", 2),
    ),
    kit=KIT,
    stub=KIT / "exercises" / "exercise2.py",
    checks=Path("autograder/checks/exercise2.py"),
    solution=None,
)
UPCOMING = replace(EXERCISE, name="exercise3", title="The PyTorch way", stub=KIT / "exercises" / "exercise3.py")
SUBMISSION = Submission("ada", EXERCISE.stub, "0" * 64, (Cell("exercise2.py", "a = 1\n"),))
GRADER = GraderRecord("0.1.0", "1" * 64, "3.11.7", "2.13.0", "process", 0)
HINT = "if `a1` grows by a little ε, g grows by x·ε. By how much does ŷ grow?"
LINES = {name: 41 + 10 * at for at, (name, _) in enumerate(EXERCISE.functions)}


def check(
    function: str,
    outcome: Outcome,
    summary: str = "gives the right values",
    *,
    points: int,
    visibility: Visibility = "visible",
    **more: object,
) -> CheckResult:
    name = f"{function}_{summary.replace(' ', '_')}"
    score = points if outcome == "passed" else 0
    result = CheckResult(
        Check(name, function, summary, visibility, points, (), HINT), outcome, score, seconds=0.0123456
    )
    return replace(result, **more)


def report(*checks: CheckResult, **more: object) -> Report:
    """A report whose functions follow from its checks; functions without one have a passed check."""
    named = {result.check.function for result in checks}
    others = [check(name, "passed", points=points) for name, points in EXERCISE.functions if name not in named]
    order = [name for name, _ in EXERCISE.functions]
    everything = sorted([*checks, *others], key=lambda result: order.index(result.check.function))
    functions = tuple(function_result(name, [c for c in everything if c.check.function == name]) for name in order)
    return replace(Report(EXERCISE, SUBMISSION, functions, tuple(everything), (), GRADER, 1.23456789), **more)


def function_result(name: str, checks: list[CheckResult]) -> FunctionResult:
    outcomes = [result.outcome for result in checks]
    outcome = next((o for o in ("failed", "errored", "not_attempted", "blocked") if o in outcomes), "passed")
    points = dict(EXERCISE.functions)[name]
    return FunctionResult(name, points if outcome == "passed" else 0, points, outcome, LINES[name])


RIGHT = report()
STUB = report(*(check(name, "not_attempted", points=points) for name, points in EXERCISE.functions))
ALL_FAILED = report(*(check(name, "failed", points=points) for name, points in EXERCISE.functions))

WRONG = report(
    check("loss", "passed", points=2, notes=(message("the answer is a float; a tensor is usual"),) * 2),
    check("chain_rule_gradients", "passed", "returns both gradients", points=2),
    check(
        "chain_rule_gradients",
        "failed",
        "carries the error back through layer two",
        points=6,
        message=message("{where} is wrong", where="`a1`"),
        evidence=Evidence(
            case=(
                ("parameters", "a1 = 0.8, b1 = -0.3, a2 = 1.6, b2 = 0.25"),
                ("x", "[0.5, -1.2, 2]"),
                ("y_pred", "[0.41, -1.766, 2.33]"),
                ("y", "[1, 0.5, -0.25]"),
            ),
            wrong=(WrongPart("a1", "3.914", "6.262"),),
            oracle="torch autograd",
            right=("b1",),
        ),
    ),
    check("chain_rule_gradients", "failed", "a later failure", points=1, message=message("never shown")),
    check("chain_rule_gradients", "blocked", "holds for one sample", points=1),
    check(
        "update",
        "failed",
        "steps downhill",
        points=2,
        message=message("it raises {kind}: {text}", kind="KeyError", text="'lr'"),
        evidence=Evidence(
            case=(("parameters", "a1 = 0.8, b1 = -0.3, a2 = 1.6, b2 = 0.25"), ("learning_rates", "a1 = 0.1")),
            trace=("exercise2.py, line 84, in update: rate = learning_rates['lr']",),
        ),
    ),
    check("train_step", "blocked", points=5),
    check("collapse", "not_attempted", points=2),
    printed="epoch 1: loss 20198330\n",
)
HIDDEN = report(
    check("forward", "passed", "returns both layers' outputs", points=1),
    check(
        "forward",
        "failed",
        "works for a single sample",
        points=2,
        visibility="hidden",
        message=message("the values are wrong"),
        evidence=Evidence(
            case=(("x", "[4711]"),),
            wrong=(WrongPart("", "4712", "4713"),),
            trace=("secret",),
            right=("g",),
            python="secret",
        ),
    ),
)
ERRORED = report(check("forward", "errored", points=3, message=message("oracle and reference disagree on 4711")))
PARTLY = report(*(check(name, "not_attempted", points=points) for name, points in EXERCISE.functions[2:]))
UNLOADABLE = replace(
    ALL_FAILED,
    problem=Problem(
        message("SyntaxError: {text}", text="'(' was never closed"),
        ("line 3", "  def forward(parameters, x:", "             ^"),
    ),
)
VIOLATION = report(
    check("manual_gradients", "failed", points=6, message=message("never shown")),
    violations=(
        Violation("autograd", "manual_gradients", 63, message("this exercise is by hand, and `backward` is not")),
        Violation("autograd", "helper", 99, message("another one")),
    ),
)
NOTEBOOK = replace(
    WRONG,
    submission=replace(SUBMISSION, path=Path("my work/exercise2.ipynb"), is_notebook=True),
    functions=tuple(replace(result, line=None) for result in WRONG.functions),
    notes=(Problem(message("cell 4 stopped: NameError: name 'scratch' is not defined"), ("cell 4, line 2: scratch",)),),
)
HOSTILE_TEXT = "[red]{x}[/] \x1b[31m\x1b]0;title\x07\x1b[2J\r\b\x9b1m\u202e\udc80:smile: \x1b]8;;"
HOSTILE = report(
    check(
        "forward",
        "failed",
        points=3,
        message=message("it raises {text}", text=HOSTILE_TEXT),
        notes=(message("{text}", text=HOSTILE_TEXT),),
        evidence=Evidence(
            ((HOSTILE_TEXT, HOSTILE_TEXT),),
            (WrongPart(*(HOSTILE_TEXT,) * 3),),
            HOSTILE_TEXT,
            (HOSTILE_TEXT,),
            (HOSTILE_TEXT,),
            HOSTILE_TEXT,
        ),
    ),
    violations=(Violation("autograd", "helper", 1, message("{text}", text=HOSTILE_TEXT)),),
    notes=(Problem(message("{text}", text=HOSTILE_TEXT), (HOSTILE_TEXT,)),),
    submission=replace(SUBMISSION, path=Path(HOSTILE_TEXT), student=HOSTILE_TEXT),
    printed=HOSTILE_TEXT * 50,
)
EXAMPLES = {
    name.lower(): value for name, value in dict(globals()).items() if isinstance(value, Report) and name.isupper()
}
