"""The verdict on a check: which readings of a function are tried, which one speaks, and what none gives away."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
import torch
from students import graded, notebook, result, scores, script, solved
from torch import Tensor

from autograder.checking import CaseGenerator, CaseRecorder, ExpectedValue, oracle, summed, terms
from autograder.grading.oracles import Oracles
from autograder.grading.verdict import HIDDEN, CheckRunner
from autograder.host.answers import Answer, Case, Frame, NotCallable, Question, Raised, Returned, WorkerLost
from autograder.host.fork_server import ForkServer
from autograder.host.session import Way
from autograder.model import Cell, Check, CheckResult, Limits, Problem, Report, message


@oracle()
def double(_own: Any, x: Tensor) -> ExpectedValue:
    """2x."""
    return terms(2 * x)


@oracle()
def total(own: Any, x: Tensor) -> ExpectedValue:
    """The sum of what is doubled."""
    return summed(own.double(x))


def _oracles() -> Oracles:
    checks = ModuleType("checks")
    vars(checks).update(double=double, total=total)
    return Oracles(checks)


Behaviour = Callable[[Way, str, list[Any]], Any]


class FakeSession:
    """A session whose student answers by the way that is tried; it remembers ways and arguments."""

    problem: Problem | None = None
    names: tuple[str, ...] = ("double", "total")
    # What runs there is not known, so that every way is tried.
    cells: tuple[Cell, ...] = (Cell("exercise1.py", "unknown()" + "\n" * 99), Cell("cell 3", "\n" * 99))
    patient: bool = True
    is_whole: bool = True

    def __init__(self, behave: Behaviour, *, pristine: bool = True, asks: int = 0) -> None:
        self._behave, self._asks = behave, asks
        self._unused, self._kept = pristine, set[Way]()
        self.questions = 0
        self.ways: list[Way] = []
        self.arguments: list[Any] = []

    def begin(self, way: Way, _function: str, answerer: Callable[[Question], Any], *, hidden: bool = False) -> None:
        self.ways.append(way)
        self.pristine = self._unused if way is Way.SHARED else way not in self._kept
        self.questions = self._asks if way is Way.HELPED else 0

    def end(self, *, keep: bool = False) -> str:
        (self._kept.add if keep else self._kept.discard)(self.ways[-1])
        return f"[{self.ways[-1].value}]"

    def above(self, function: str) -> list[str]:
        return ["double"] if function == "total" else []

    def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Answer:
        answer = self._call(function, arguments)
        if not (twice and isinstance(answer, Returned)):
            return answer
        again = self._call(function, arguments)
        return replace(answer, again=again if isinstance(again, Returned) else None)

    def calls(self, function: str, cases: tuple[Case, ...], *, twice: bool = False) -> Iterator[Answer]:
        return (self.call(function, list(case.arguments), twice=twice) for case in cases)

    def _call(self, function: str, arguments: list[Any]) -> Answer:
        self.arguments.append(arguments)
        answer = self._behave(self.ways[-1], function, arguments)
        return answer if isinstance(answer, Answer) else Returned(answer)

    def probe(self, name: str, *_arguments: Any) -> Any:
        raise AssertionError(name)


def made(name: str = "it", function: str = "double", *, hidden: bool = False, needs: tuple[str, ...] = ()) -> Check:
    return Check(name, function, "works", "hidden" if hidden else "visible", 2, needs, "why?")


def body(judge: CaseRecorder, draw: CaseGenerator) -> None:
    judge(draw.vector(3))


def decider(behave: Behaviour, *, unwritten: frozenset[str] = frozenset(), secret: str = "", **how: Any) -> CheckRunner:
    seed = how.pop("seed", 0)
    return CheckRunner(FakeSession(behave, **how), _oracles(), None, seed, secret, unwritten)  # type: ignore[arg-type]


def right(_way: Way, function: str, arguments: list[Any]) -> Any:
    doubled = 2 * arguments[0]
    return doubled if function == "double" else doubled.sum()


def right_by(wanted: Way) -> Behaviour:
    """Right in one way; in the others raises what tells the way, or gives a wrong value for want of a composition."""

    def behave(way: Way, function: str, arguments: list[Any]) -> Any:
        if way is Way.COMPOSED and wanted is Way.COMPOSED:
            return 3 * arguments[0] if function == "double" else 3 * arguments[0].sum()
        if way is wanted:
            return right(way, function, arguments)
        if wanted is Way.COMPOSED:
            return torch.tensor(1.0)
        return Raised("Error", way.value, (Frame("x.py", 1, function, ""),))

    return behave


def ways_of(deciding: CheckRunner) -> list[Way]:
    return deciding.session.ways  # type: ignore[attr-defined, no-any-return]


class TestWays:
    def test_what_is_right_at_once_is_tried_once(self):
        deciding = decider(right)
        assert deciding.decide(made(), body).outcome == "passed"
        assert ways_of(deciding) == [Way.SHARED]

    @pytest.mark.parametrize("way", list(Way))
    def test_any_way_will_do(self, way):
        deciding = decider(right_by(way), pristine=False, asks=1)
        found = deciding.decide(made(function="total"), body)
        assert (found.outcome, found.score) == ("passed", 2)
        assert ways_of(deciding) == list(Way)[: list(Way).index(way) + 1]

    def test_the_way_that_worked_comes_first_the_next_time(self):
        deciding = decider(right_by(Way.COMPOSED), pristine=False, asks=1)
        deciding.decide(made("first", "total"), body)
        deciding.decide(made("second", "total"), body)
        assert ways_of(deciding)[4:] == [Way.COMPOSED]

    def test_the_first_function_has_no_help_and_one_made_of_nothing_no_composition(self):
        deciding = decider(lambda *_: None, pristine=False)
        assert deciding.decide(made(), body).outcome == "failed"
        assert ways_of(deciding) == [Way.SHARED, Way.ALONE]

    def test_a_fresh_worker_is_not_tried_where_nothing_ran_before(self):
        deciding = decider(lambda *_: None, pristine=True)
        deciding.decide(made(), body)
        assert ways_of(deciding) == [Way.SHARED]

    def test_a_loss_is_tried_again_in_any_case(self):
        deciding = decider(lambda *_: WorkerLost("late", message("late")), pristine=True)
        deciding.decide(made(), body)
        assert ways_of(deciding) == [Way.SHARED, Way.ALONE]

    def test_where_nobody_vouches_every_way_is_tried(self):
        """With helpers that are not asked it may still differ from alone: one's attribute may have been read."""
        deciding = decider(lambda *_: None, pristine=False)
        assert deciding.decide(made(function="total"), body).outcome == "failed"
        assert ways_of(deciding) == list(Way)

    def test_what_is_not_there_is_looked_for_once(self):
        deciding = decider(lambda *_: NotCallable("missing"), pristine=False)
        deciding.session.names = ("double",)
        assert deciding.decide(made(function="total"), body).outcome == "failed"
        assert ways_of(deciding) == [Way.SHARED]

    @pytest.mark.parametrize("asks", [0, 1])
    def test_with_other_values_expected_what_gives_none_is_not_tried(self, asks):
        deciding = decider(lambda *_: NotCallable("a function of ()"), pristine=False, asks=asks)
        deciding.decide(made(function="total"), body)
        assert ways_of(deciding) == [Way.SHARED, Way.HELPED, Way.ALONE]

    @pytest.mark.parametrize(
        ("calls", "wrong", "tried"),
        [
            ("double", 1.0, [Way.SHARED, Way.HELPED, Way.COMPOSED]),
            ("len", 1.0, [Way.SHARED, Way.COMPOSED]),
            ("len", Raised("Error", "no"), [Way.SHARED]),
            ("double", Raised("Error", "no"), [Way.SHARED, Way.HELPED]),
            ("double", WorkerLost("died", message("gone")), [Way.SHARED, Way.HELPED, Way.ALONE, Way.COMPOSED]),
        ],
        ids=["asks", "asks-nobody", "raises", "asks-and-raises", "dies"],
    )
    def test_where_nothing_is_left_behind_only_what_may_differ_is_tried(self, calls, wrong, tried):
        deciding = decider(lambda *_: wrong, pristine=False, asks=1)
        deciding.session.cells = (Cell("x.py", f"def double(x): return 2 * x\ndef total(x): return {calls}(x)"),)
        assert deciding.decide(made(function="total"), body).outcome == "failed"
        assert ways_of(deciding) == tried

    def test_of_a_notebook_with_a_cell_that_stopped_nothing_is_vouched_for(self):
        deciding = decider(lambda *_: 1.0, pristine=False, asks=1)
        deciding.session.cells = (Cell("cell 1", "def double(x): return 2 * x\ndef total(x): return len(x)"),)
        deciding.session.is_whole = False
        deciding.decide(made(function="total"), body)
        assert ways_of(deciding) == list(Way)

    @pytest.mark.parametrize(("again", "outcome"), [(True, "passed"), (False, "failed")])
    def test_where_a_kept_worker_fails_a_fresh_one_decides(self, again, outcome):
        helped = iter([True, True, False, False, again, again])  # each call is made twice

        def behave(way: Way, function: str, arguments: list[Any]) -> Any:
            return right(way, function, arguments) if way is Way.HELPED and next(helped) else 1.0

        deciding = decider(behave, asks=1)
        assert deciding.decide(made("first", "total"), body).outcome == "passed"
        assert ways_of(deciding) == [Way.SHARED, Way.HELPED]
        ways_of(deciding).clear()
        assert deciding.decide(made("second", "total"), body).outcome == outcome
        assert ways_of(deciding)[:2] == [Way.HELPED, Way.HELPED]

    @pytest.mark.parametrize(
        ("helper", "wrong", "tried"),
        [
            (2.0, 1.0, [Way.SHARED]),
            (2.0, Raised("Error", "no"), [Way.SHARED, Way.HELPED]),
            (2.5, 1.0, [Way.SHARED, Way.HELPED, Way.COMPOSED]),
        ],
        ids=["right-helper", "an-exception", "wrong-helper"],
    )
    def test_wrong_values_beside_right_helpers_are_not_tried_with_helpers(self, helper, wrong, tried):
        def behave(way: Way, function: str, arguments: list[Any]) -> Any:
            return helper * arguments[0] if function == "double" else wrong

        deciding = decider(behave)
        deciding.decide(made("first"), body)
        ways_of(deciding).clear()
        assert deciding.decide(made("second", "total"), body).outcome == "failed"
        assert ways_of(deciding) == tried

    def test_what_may_be_right_with_helpers_waits_for_all_their_checks(self):
        """A helper that is right in visible cases and wrong in hidden ones may be what makes its callers wrong."""
        right_so_far = [True]

        def behave(way: Way, function: str, arguments: list[Any]) -> Any:
            if function == "double":
                return 2 * arguments[0] if right_so_far[0] else 0 * arguments[0]
            return right(way, function, arguments) if way is Way.HELPED else 1.0

        deciding = decider(behave)
        deciding.decide(made("first"), body, may_wait=True)
        assert deciding.decide(made("second", "total"), body, may_wait=True) is None
        assert deciding.decide(made("third", "total", needs=("second",)), body, may_wait=True) is None
        right_so_far[0] = False
        deciding.decide(made("first_hidden", hidden=True), body)
        ways_of(deciding).clear()
        assert deciding.decide(made("second", "total"), body).outcome == "passed"
        assert ways_of(deciding) == [Way.HELPED]
        assert deciding.decide(made("third", "total", needs=("second",)), body).outcome == "passed"

    def test_a_helper_that_needed_help_itself_is_no_right_helper(self):
        def behave(way: Way, function: str, arguments: list[Any]) -> Any:
            if function == "total":
                return 1.0
            return 2 * arguments[0] if way is Way.ALONE else 0 * arguments[0]

        deciding = decider(behave, pristine=False)
        assert deciding.decide(made("first"), body).outcome == "passed"
        ways_of(deciding).clear()
        deciding.decide(made("second", "total"), body)
        assert Way.HELPED in ways_of(deciding)

    def test_every_way_gets_the_same_case(self):
        deciding = decider(lambda *_: None, pristine=False)
        deciding.decide(made(), body)
        first, _, second, _ = deciding.session.arguments  # type: ignore[attr-defined]
        assert torch.equal(first[0], second[0])

    def test_the_first_way_speaks_unless_help_was_asked_for(self):
        def behave(way: Way, function: str, arguments: list[Any]) -> Any:
            return Raised("Error", way.value)

        assert str(decider(behave).decide(made(function="total"), body).message) == "it raises Error: shared"
        asking = decider(behave, asks=1)
        assert str(asking.decide(made(function="total"), body).message) == "it raises Error: helped"


class TestNeeds:
    def outcomes(self, behave: Behaviour, unwritten: frozenset[str] = frozenset()) -> list[str]:
        deciding = decider(behave, unwritten=unwritten)
        checks = [made("a"), made("b", needs=("a",)), made("c", needs=("b",)), made("d", needs=("unknown",))]
        return [deciding.decide(check, body).outcome for check in checks]

    def test_what_needs_a_failed_check_is_blocked_and_so_on(self):
        assert self.outcomes(lambda *_: None) == ["failed", "blocked", "blocked", "failed"]

    def test_what_needs_one_that_was_not_attempted_is_not_attempted(self):
        assert self.outcomes(lambda *_: None, frozenset({"double"})) == ["not_attempted"] * 4

    def test_needs_that_passed_or_were_not_asked_for_do_not_matter(self):
        assert self.outcomes(right) == ["passed"] * 4

    def test_a_file_that_cannot_be_loaded_fails_every_check_with_its_reason(self):
        deciding = decider(right)
        deciding.session.problem = Problem(message("SyntaxError: {text}", text="no"))
        found = deciding.decide(made(hidden=True), body)
        assert (found.outcome, str(found.message)) == ("failed", "the file cannot be loaded: SyntaxError: no")
        assert ways_of(deciding) == []


class TestUnwritten:
    def raised(self, function: str, kind: str = "NotImplementedError", frames: int = 1) -> Behaviour:
        return lambda *_: Raised(kind, "", tuple(Frame("x.py", 1, function, "") for _ in range(frames)))

    def test_the_function_itself_says_so(self):
        assert decider(self.raised("double")).decide(made(), body).outcome == "not_attempted"

    @pytest.mark.parametrize("behave_by", [("helper", 1), ("double", 0)])
    def test_what_it_calls_does_not_say_so_for_it(self, behave_by):
        behave = self.raised(behave_by[0], frames=behave_by[1])
        assert decider(behave).decide(made(), body).outcome == "failed"

    def test_another_exception_is_a_failure(self):
        assert decider(self.raised("double", "ValueError")).decide(made(), body).outcome == "failed"

    def test_an_empty_body_that_returns_none_is_unwritten(self):
        assert decider(lambda *_: None, unwritten=frozenset({"double"})).decide(made(), body).outcome == "not_attempted"
        assert decider(lambda *_: None, unwritten=frozenset({"total"})).decide(made(), body).outcome == "failed"


class TestHidden:
    ANSWERS = (
        Raised("Error", "secret", (Frame("x.py", 1, "double", "secret"),)),
        WorkerLost("died", message("secret")),
        None,
        torch.zeros(5, 5),
        torch.full((3,), float("nan")),
        torch.zeros(3),
        Returned(torch.zeros(3), (0,)),
        Returned(torch.zeros(3), (), Frame("secret", 1, "double", "secret")),
        {"secret": 1},
    )

    @pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer)[:30])
    def test_a_hidden_check_says_one_of_few_sentences_and_shows_nothing(self, answer):
        deciding = decider(lambda *_: answer)
        found = deciding.decide(made(hidden=True), body)
        assert found.outcome == "failed"
        assert found.message in HIDDEN.values()
        assert found.message.values == ()
        assert (found.evidence, found.notes) == (None, ())
        assert deciding.printed == []

    @pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer)[:30])
    def test_a_visible_one_shows_the_case(self, answer):
        found = decider(lambda *_: answer).decide(made(), body)
        assert found.evidence is not None
        assert found.evidence.case[0][0] == "x"

    def test_what_is_printed_in_the_shared_worker_by_visible_checks_is_kept(self):
        deciding = decider(lambda *_: None, pristine=False)
        deciding.decide(made("a"), body)
        deciding.decide(made("b", hidden=True), body)
        assert deciding.printed == ["[shared]"]


class TestCases:
    def case(self, *, hidden: bool, name: str = "it", **how: Any) -> list[float]:
        deciding = decider(right, **how)
        deciding.decide(made(name, hidden=hidden), body)
        return deciding.session.arguments[0][0].tolist()  # type: ignore[attr-defined, no-any-return]

    def test_the_same_seed_draws_the_same_case(self):
        for hidden in (False, True):
            assert self.case(hidden=hidden) == self.case(hidden=hidden)
            assert self.case(hidden=hidden) != self.case(hidden=hidden, seed=1)
            assert self.case(hidden=hidden) != self.case(hidden=hidden, name="other")

    def test_a_secret_changes_hidden_cases_only(self):
        assert self.case(hidden=False) == self.case(hidden=False, secret="s")
        assert self.case(hidden=True) != self.case(hidden=True, secret="s")
        assert self.case(hidden=True, secret="s") == self.case(hidden=True, secret="s")
        assert self.case(hidden=True, secret="s") != self.case(hidden=True, secret="t")

    def test_visible_cases_can_be_typed_in_and_hidden_ones_have_all_their_digits(self):
        assert all(number == round(number, 2) for number in self.case(hidden=False))
        assert all(number != round(number, 6) for number in self.case(hidden=True))


class TestPrecision:
    def decide(self, behave: Callable[[Tensor], Any], *, hidden: bool = True) -> CheckResult:
        return decider(lambda _way, _function, arguments: behave(arguments[0])).decide(made(hidden=hidden), body)

    def test_a_formula_that_passes_through_float32_is_right_with_a_note(self):
        found = self.decide(lambda x: (2 * x.float()).double() + 1e-12)
        assert found.outcome == "passed"
        assert "float32" in str(found.notes[0])

    def test_one_that_is_off_by_a_little_is_wrong(self):
        assert self.decide(lambda x: 2 * x * (1 + 5e-5)).outcome == "failed"
        assert self.decide(lambda x: 2 * x + 3e-6).outcome == "failed"

    def test_one_that_is_rounded_is_wrong(self):
        assert self.decide(lambda x: torch.round(2 * x, decimals=5)).outcome != "errored"
        assert self.decide(lambda x: 2 * torch.round(x, decimals=1)).outcome == "failed"

    def test_the_imprecise_one_speaks_of_its_own_case(self):
        found = self.decide(lambda x: 2 * x * (1 + 5e-5), hidden=False)
        assert str(found.message) == "the value is imprecise"


class TestErrors:
    def test_a_kit_that_disagrees_with_itself_is_errored_and_says_where(self):
        class Wrong:
            def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Answer:
                return Returned(3 * arguments[0])

            def probe(self, *_: Any) -> Any:
                raise AssertionError

        deciding = decider(right)
        deciding.reference = Wrong()  # type: ignore[assignment]
        found = deciding.decide(made(), body)
        assert (found.outcome, found.score) == ("errored", 0)
        assert "disagree" in str(found.message)

    def test_a_mistake_in_a_check_is_not_caught_here(self):
        def broken(judge: CaseRecorder, draw: CaseGenerator) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            decider(right).decide(made(), broken)


class TestViolations:
    def test_a_breach_is_reported_once_with_its_line(self):
        deciding = decider(lambda *_: Returned(0, (), Frame("exercise1.py", 7, "helper", "")))
        for name in ("a", "b"):
            deciding.decide(made(name), body)
        (violation,) = deciding.violations
        assert (violation.rule, violation.function, violation.line) == ("by-hand", "double", 7)

    def test_in_a_notebook_the_cell_is_named(self):
        deciding = decider(lambda *_: Returned(0, (), Frame("cell 3", 7, "helper", "")))
        deciding.decide(made(), body)
        assert str(deciding.violations[0].text).startswith("cell 3: ")

    def test_a_breach_in_a_way_that_does_not_speak_is_none(self):
        def behave(way: Way, function: str, arguments: list[Any]) -> Any:
            return (
                Returned(0, (), Frame("x.py", 7, "double", ""))
                if way is Way.SHARED
                else right(way, function, arguments)
            )

        deciding = decider(behave, pristine=False)
        assert deciding.decide(made(), body).outcome == "passed"
        assert deciding.violations == []


# The readings of a function, on real submissions: each function on its own, whatever its helpers are.

QUICK = Limits(call_seconds=1.0, impatient_seconds=0.3, questions=200)

ONLY_AS_IT_STANDS = """
def loss(y_pred, y, half=False):
    return torch.sum((y_pred - y) ** 2) / 2

def update(parameters, gradients, learning_rates):
    return None

def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    before = loss(y_pred, y, half=True)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in parameters}, before
"""

ONLY_WITH_HELP = "def forward(parameters, x):\n    raise NotImplementedError"

ONLY_COMPOSED = """
def loss(y_pred, y, *, weight=1.0):
    return weight * torch.sum((y_pred - y) ** 2)

def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y, weight=1.0)
"""


class TestReadings:
    def lost(
        self, fork_server: ForkServer, *more: str, functions: tuple[str, ...] = (), **limits: Any
    ) -> dict[str, int]:
        report = graded(fork_server, "exercise2", solved("exercise2", *more), functions=functions, limits=QUICK)
        assert not any(check.outcome == "errored" for check in report.checks)
        return scores(report)

    @pytest.mark.parametrize(
        ("code", "lost"),
        [
            ("", {}),
            (ONLY_AS_IT_STANDS, {"update": 0}),
            (ONLY_WITH_HELP, {"forward": 0}),
            (ONLY_COMPOSED, {"loss": 0}),
            ("del forward, loss, manual_gradients", {"forward": 0, "loss": 0, "manual_gradients": 0}),
            ("forward = loss = 3", {"forward": 0, "loss": 0}),
            ("def loss(y): return y", {"loss": 0}),
            ("def loss(y_pred, y):\n    while True: pass", {"loss": 0}),
            ("import os\ndef loss(y_pred, y): os._exit(1)", {"loss": 0}),
            (
                "def manual_gradients(g, y_pred, y):\n    g += 1\n    return {'a2': g.sum(), 'b2': g.sum()}",
                {"manual_gradients": 0},
            ),
        ],
        ids=[
            "all right",
            "as it stands",
            "with help",
            "composed",
            "missing",
            "numbers",
            "other parameters",
            "endless",
            "crash",
            "in place",
        ],
    )
    def test_a_mistake_costs_only_the_function_that_has_it(self, fork_server, code, lost):
        assert self.lost(fork_server, code) == lost

    def test_help_reaches_calls_inside_private_helpers_and_tables(self, fork_server):
        code = """
def forward(parameters, x):
    raise NotImplementedError

STEPS = {"forward": forward}
def _both(parameters, x):
    return STEPS["forward"](parameters, x=x)

def train_step(parameters, x, y, learning_rates):
    g, y_pred = _both(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
"""
        assert self.lost(fork_server, code) == {"forward": 0}

    @pytest.mark.parametrize(
        "helpers",
        [
            "def update(p, g, l): return {k: torch.zeros(()) for k in p}\ndef loss(a, b): return torch.zeros(())",
            "def update(p, g, l): return dict(p)\ndef loss(a, b): return torch.zeros(())",
            "def update(p, g, l): return {k: torch.tensor(0.5) for k in p}\ndef loss(a, b): return torch.tensor(3.0)",
            "def manual_gradients(g, p, y): return {'a2': p.sum() * 0, 'b2': p.sum() * 0}\n"
            "def chain_rule_gradients(p, x, q, y): return {'a1': x.sum() * 0, 'b1': x.sum() * 0}",
        ],
        ids=["zeros", "unmoved", "constants", "no gradients"],
    )
    def test_helpers_that_prove_nothing_make_nothing_right(self, fork_server, helpers):
        step = """
def train_step(parameters, x, y, learning_rates):
    zeros = {k: torch.zeros(()) for k in parameters}
    return update(parameters, zeros, learning_rates), loss(x, x)
"""
        assert self.lost(fork_server, helpers, step, functions=("train_step",)) == {"train_step": 0}

    def test_a_step_that_is_wrong_is_wrong_with_right_helpers(self, fork_server):
        step = """
def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    parameters = update(parameters, manual_gradients(g, y_pred, y) | {"a1": 0, "b1": 0}, learning_rates)
    gradients = chain_rule_gradients(parameters, x, y_pred, y) | {"a2": 0, "b2": 0}
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
"""
        assert self.lost(fork_server, step) == {"train_step": 0}

    def test_a_gradient_is_not_to_be_had_from_the_reference_step(self, fork_server):
        code = """
def manual_gradients(g, y_pred, y):
    one, zero = torch.ones((), dtype=g.dtype), torch.zeros((), dtype=g.dtype)
    start = {"a1": one, "b1": zero, "a2": one, "b2": zero}
    after, _ = train_step(start, g, y, dict.fromkeys(start, 1.0))
    return {name: start[name] - after[name] for name in ("a2", "b2")}

def train_step(parameters, x, y, learning_rates):
    raise NotImplementedError
"""
        assert self.lost(fork_server, code) == {"manual_gradients": 0, "train_step": 0}

    def test_a_function_below_in_the_table_is_not_answered(self, fork_server):
        code = "def loss(y_pred, y):\n    return update(y_pred, y, 1)\ndel chain_rule_gradients"
        assert self.lost(fork_server, code, functions=("loss", "chain_rule_gradients")) == {
            "loss": 0,
            "chain_rule_gradients": 0,
        }

    def test_a_million_questions_are_the_students_failure(self, fork_server):
        code = """
def loss(y_pred, y):
    raise ValueError

def train_step(parameters, x, y, learning_rates):
    for _ in range(10**6):
        try:
            loss(y, y)
        except ValueError:
            pass
"""
        assert self.lost(fork_server, code, functions=("train_step",)) == {"train_step": 0}

    @pytest.mark.parametrize(
        "question",
        [
            "None, None", "'x' * 10**6, y", "torch.zeros(10**7), y", "y", "y, y, y", "y, y=y", "a=1", "[], {}",
            "endless, endless", "10**400, y", "float('nan'), y", "object(), y", "torch.zeros(2, 3), torch.zeros(5)",
            "{1: 2}, {None: 3}", "torch.zeros(3, dtype=torch.complex64), 1j", "{'a': endless}, y", "-10**9, 10**9",
            "loss, y", "torch.nn.Linear(1, 1), y", "y.to_sparse(), y.to(torch.bfloat16)", "[[1, 2], [3]], y",
        ],
    )  # fmt: skip
    def test_a_nonsense_question_is_the_students_failure(self, fork_server, question):
        code = f"""
endless = []
endless.append(endless)

def loss(y_pred, y):
    return None

def train_step(parameters, x, y, learning_rates):
    loss({question})
    return None
"""
        assert self.lost(fork_server, code, functions=("train_step",)) == {"train_step": 0}

    @pytest.mark.parametrize("batch_size", ["0", "-1", "10**9", "None", "2.5", "'x'", "True", "[]"])
    def test_odd_questions_of_an_epoch_are_the_students_failure(self, fork_server, batch_size):
        code = f"""
def loss(y_pred, y):
    return None

def train_epoch(parameters, x, y, learning_rates, batch_size):
    xs = x[: {batch_size}]
    loss(predict(parameters, x=xs), y[: {batch_size}])
    manual_gradients(parameters, [], [])
    update({{}}, {{}}, {batch_size})
"""
        report = graded(fork_server, "exercise1", solved("exercise1", code), functions=("train_epoch",), limits=QUICK)
        assert [check.outcome for check in report.checks] == ["failed", "blocked", "blocked"]


class TestStateLeaks:
    @pytest.mark.parametrize(
        "leak",
        [
            "torch.set_default_dtype(torch.float16)",
            "torch.sum = lambda *_: 0",
            "globals().update(torch=None)",
            "torch.use_deterministic_algorithms(True)",
            "torch.set_printoptions(precision=1)",
            "torch.manual_seed(3)",
            "__builtins__['sum' if isinstance(__builtins__, dict) else 0] = None",
            "import os; os.chdir('/')",
            "import sys; sys.setrecursionlimit(60)",
        ],
    )
    def test_what_one_function_leaves_behind_costs_no_other(self, fork_server, leak):
        code = f"""
_predict = predict
def predict(parameters, x):
    answer = _predict(parameters, x)
    {leak}
    return answer
"""
        # With the ordinary limits: some of these import for a second.
        assert scores(graded(fork_server, "exercise1", solved("exercise1", code))) == {}

    def test_what_breaks_the_function_itself_costs_only_that(self, fork_server):
        code = """
_predict = predict
def predict(parameters, x):
    del globals()["update"]
    return _predict(parameters, x)
"""
        assert scores(graded(fork_server, "exercise1", solved("exercise1", code), limits=QUICK)) == {"predict": 0}


class TestStubs:
    @pytest.mark.parametrize(
        "stub", ["raise NotImplementedError", "...", "pass", "'''Only words.'''", "raise NotImplementedError('later')"]
    )
    def test_an_empty_body_is_not_attempted(self, fork_server, stub):
        names = {"predict": "p, x", "loss": "y_pred, y", "manual_gradients": "p, x, y", "update": "p, g, l"}
        code = "\n".join(f"def {name}({parameters}):\n    {stub}" for name, parameters in names.items())
        report = graded(fork_server, "exercise1", script(code + "\ndef train_epoch(p, x, y, l, b): ..."))
        assert report.score == 0
        assert {check.outcome for check in report.checks} == {"not_attempted"}
        assert {part.outcome for part in report.functions} == {"not_attempted"}

    def test_a_written_function_with_unwritten_helpers_has_its_points(self, fork_server):
        code = "\n".join(
            f"def {name}(*_): raise NotImplementedError" for name in ("predict", "loss", "manual_gradients", "update")
        )
        report = graded(fork_server, "exercise1", solved("exercise1", code))
        assert report.score == 5
        assert [part.outcome for part in report.functions] == ["not_attempted"] * 4 + ["passed"]

    def test_a_helper_of_ones_own_that_is_unwritten_is_a_failure(self, fork_server):
        code = "def _residual(a, b): raise NotImplementedError\ndef loss(y_pred, y): return _residual(y_pred, y)"
        report = graded(fork_server, "exercise1", solved("exercise1", code), functions=("loss",))
        assert [check.outcome for check in report.checks] == ["failed", "blocked"]
        assert "NotImplementedError" in str(report.checks[0].message)


class TestGivenAway:
    def report(self, fork_server: ForkServer, code: str) -> Report:
        return graded(fork_server, "exercise1", solved("exercise1", code), functions=("loss",))

    def test_an_exception_that_holds_the_hidden_case_stays_hidden(self, fork_server):
        code = """
_loss = loss
def loss(y_pred, y):
    if len(y) != 4:
        print("case", y.tolist())
        raise ValueError(f"case {y.tolist()}")
    return _loss(y_pred, y)
"""
        report = self.report(fork_server, code)
        hidden = result(report, "loss_any_size")
        assert (hidden.outcome, str(hidden.message)) == ("failed", "it raises an exception")
        assert hidden.evidence is None
        assert "case" not in report.printed
        assert result(report, "loss_half_sum_of_squares").outcome == "passed"
        assert report.score == 0

    def test_what_a_visible_check_prints_is_shown(self, fork_server):
        code = "_loss = loss\ndef loss(y_pred, y):\n    print('n =', len(y))\n    return _loss(y_pred, y)"
        printed = self.report(fork_server, code).printed.splitlines()
        assert set(printed) == {"n = 4"}

    def test_the_same_seed_gives_the_same_verdict_and_case(self, fork_server):
        wrong = solved("exercise1", "def loss(y_pred, y): return (y_pred - y).sum()")
        seen = [
            result(graded(fork_server, "exercise1", wrong, seed=seed, functions=("loss",)), "loss_half_sum_of_squares")
            for seed in (3, 3, 4)
        ]
        first, again, other = (found.evidence for found in seen)
        assert first == again
        assert first.case != other.case

    def test_a_notebooks_function_is_judged_like_a_scripts(self, fork_server):
        cells = notebook(
            "import torch", "def loss(a, b): return 1 / 0", "oops(", "def loss(a, b): return ((a - b) ** 2).sum() / 2"
        )
        report = graded(fork_server, "exercise1", cells, functions=("loss",))
        assert (report.score, len(report.notes)) == (3, 1)
