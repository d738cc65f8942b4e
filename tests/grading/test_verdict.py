"""The verdict on a check: which readings are tried in which order, which failure speaks, and what none gives away."""

import time
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import pytest
import torch
from slopes import LocalFunctions, checks_module
from torch import Tensor

from autograder.checking import CaseGenerator, CaseRecorder, ExpectedValue, oracle, summed, terms
from autograder.grading.cases import CaseCache
from autograder.grading.collection import CollectedCheck
from autograder.grading.diagnosis import Diagnoser
from autograder.grading.mistakes import Bank
from autograder.grading.oracles import NO_ANSWER, Oracles
from autograder.grading.telling import HIDDEN
from autograder.grading.verdict import CheckRunner
from autograder.host.answers import Answer, Answerer, Case, Frame, NotCallable, Raised, Returned, WorkerLost
from autograder.model import Cell, Check, CheckResult, Problem, message

LATE = WorkerLost("late", message("late"))


@oracle()
def double(_functions: Any, x: Tensor) -> ExpectedValue:
    """2x."""
    return terms(2 * x)


@oracle()
def half(_functions: Any, x: Tensor) -> ExpectedValue:
    """x / 2."""
    return terms(x / 2)


@oracle()
def total(functions: Any, x: Tensor) -> ExpectedValue:
    """The sum of what is doubled."""
    return summed(functions.double(x))


TABLE = ("double", "half", "total")
RIGHT = {"double": lambda x: 2 * x, "half": lambda x: x / 2, "total": lambda x: (2 * x).sum()}

# How a worker serves a function: None as submitted, () a fresh one as it stands, else the helpers that are answered.
Helpers = tuple[str, ...] | None
AS_IT_STANDS: Helpers = ()
ALL: Helpers = ("double", "half")


class FakeSession(LocalFunctions):
    """A session whose functions answer by how they are served; it takes down what is called."""

    problem: Problem | None = None
    stubs = "def double(x):\n    raise NotImplementedError\ndef half(x):\n    raise NotImplementedError\n"
    cells = (Cell("exercise1.py", "\n" * 99), Cell("cell 3", "\n" * 99), Cell("x.py", stubs))
    is_patient = has_time = True
    loads_slowly = False
    functions = TABLE
    forbidden = ()

    def __init__(self, functions: dict[str, Callable[[Helpers, Tensor], Any]], *, asks: bool) -> None:
        served = {name: lambda x, name=name: self._served(name, functions[name], x) for name in functions}
        self.answered: frozenset[str] = frozenset()
        self.forbidden: tuple[str, ...] = ()
        super().__init__(**RIGHT | served)
        self._asks = asks
        self._helpers: Helpers = None
        self._is_used = self._is_hidden = False
        self.is_pristine, self.questions, self.first_asked, self.workers = True, 0, "double", 1
        self.tried: list[tuple[str, Helpers]] = []  # by visible checks
        self.order: list[tuple[str, bool]] = []  # of all checks: the function, and whether as submitted
        self.arguments: list[Tensor] = []
        self.answerers: dict[Helpers, str] = {}

    def _served(self, name: str, behave: Callable[[Helpers, Tensor], Any], x: Tensor) -> Any:
        """What is answered by the reference is right, whoever asks."""
        return RIGHT[name](x) if name in self.answered else behave(self._helpers, x)

    def be_patient(self, is_patient: bool) -> None:
        pass

    def above(self, function: str) -> list[str]:
        return list(TABLE[: TABLE.index(function)])

    def begin(self, *, hidden: bool = False) -> None:
        self.is_pristine, self._is_used, self._is_hidden = not self._is_used, True, hidden
        self.questions = int(self._asks and bool(self._helpers))

    def end(self) -> str:
        return f"[{self._helpers}]"

    def open_worker(self, *, keep_helpers: bool = False) -> None:
        self._is_used = False
        self.workers += 1
        if not keep_helpers:
            self._helpers, self.answered = (), frozenset()

    def answer_by_reference(self, helpers: list[str], answerer: Answerer) -> None:
        self._helpers = tuple(helpers)
        self.answerers[self._helpers] = answerer.__name__
        self.answered |= set(helpers)

    def calls(self, function: str, cases: tuple[Case, ...], *, twice: bool = False) -> Iterator[Answer]:
        self.order.append((function, self._helpers is None))
        if not self._is_hidden:
            self.tried.append((function, self._helpers))
        self.arguments += [case.arguments[0] for case in cases]
        return super().calls(function, cases, twice=twice)


def draw_three(judge: CaseRecorder, draw: CaseGenerator) -> None:
    judge(draw.vector(3))


def made(function: str = "double", name: str = "", *, hidden: bool = False, needs: str = "") -> CollectedCheck:
    visibility = "hidden" if hidden else "visible"
    check = Check(name or function, function, "works", visibility, 2, (needs,) if needs else (), "why?")
    return CollectedCheck(check, draw_three)


class Run:
    """A run of some checks against functions; those that are not given are right."""

    def __init__(
        self,
        *checks: CollectedCheck,
        asks: bool = True,
        unwritten: str = "",
        secret: str = "",
        seed: int = 0,
        reference: Any = None,
        session: dict[str, Any] | None = None,
        **functions: Any,
    ) -> None:
        behaviours = {name: value if callable(value) else constant(value) for name, value in functions.items()}
        self.session = FakeSession(behaviours, asks=asks)
        vars(self.session).update(session or {})
        oracles = Oracles(checks_module(double, half, total))
        shared = CaseCache(), Diagnoser(oracles, Bank({}, {}))
        self.runner = CheckRunner(
            self.session, oracles, reference, seed, secret, frozenset({unwritten}), *shared  # type: ignore[arg-type]
        )  # fmt: skip
        self.results = self.runner.run(checks or [made(name) for name in TABLE])
        self.outcomes = [result.outcome for result in self.results]
        self.tried = self.session.tried

    @property
    def result(self) -> CheckResult:
        (result,) = self.results
        return result

    def of(self, function: str) -> list[Helpers]:
        """How a function was served, one time after the other."""
        return [helpers for name, helpers in self.tried if name == function]


def constant(value: Any) -> Callable[[Helpers, Tensor], Any]:
    return lambda *_: value


def right_where(function: str, *helpers: Helpers, wrong: Any = None) -> Callable[[Helpers, Tensor], Any]:
    """Right where it is served so; elsewhere it gives what is wrong, or raises what tells how it was served."""

    def behave(served: Helpers, x: Tensor) -> Any:
        if served in helpers:
            return RIGHT[function](x)
        return Raised("Error", str(served), (Frame("x.py", 1, function, ""),)) if wrong is None else wrong

    return behave


class TestReadings:
    def test_what_is_right_at_once_is_tried_once(self):
        run = Run()
        assert run.outcomes == ["passed"] * 3
        assert run.tried == [("double", None), ("half", None), ("total", None)]
        assert [result.score for result in run.results] == [2, 2, 2]
        assert run.session.workers == 1

    @pytest.mark.parametrize(
        ("served", "half", "tried"),
        [
            # a wrong helper is answered at once, in the worker at hand
            (("half",), 0.0, [None, ("half",)]),
            (AS_IT_STANDS, 0.0, [None, ("half",), ALL, ()]),
            (ALL, 0.0, [None, ("half",), ALL]),
            (ALL, RIGHT["half"], [None, ALL]),
            (AS_IT_STANDS, RIGHT["half"], [None, ALL, ()]),
            (None, 0.0, [None]),
        ],
    )
    def test_any_reading_will_do(self, served, half, tried):
        behave = half if isinstance(half, float) else lambda _helpers, x: half(x)
        run = Run(half=behave, total=right_where("total", served, wrong=Raised("Error", "no")))
        assert (run.outcomes[0], run.outcomes[2], run.results[2].score) == ("passed", "passed", 2)
        assert run.of("total") == tried

    @pytest.mark.parametrize(
        "wrong",
        [0.0, Raised("Error", "no"), torch.zeros(2), LATE, NotCallable("a function of ()")],
        ids=["a value", "an exception", "a shape", "late", "parameters"],
    )
    def test_also_beside_right_helpers_it_is_tried_with_the_reference(self, wrong):
        """And as it stands, unless it has asked nothing of the reference: it would be wrong just so."""
        for asks, tried in ((True, [None, ALL, ()]), (False, [None, ALL])):
            run = Run(total=wrong, asks=asks)
            assert run.outcomes == ["passed", "passed", "failed"]
            assert run.of("total") == tried

    def test_a_helper_that_is_wrong_only_at_what_a_caller_gives_costs_the_caller_nothing(self):
        run = Run(total=right_where("total", ALL, wrong=0.0))
        assert run.outcomes == ["passed"] * 3

    def test_helpers_that_are_not_right_are_answered_first(self):
        run = Run(double=0.0, total=0.0)
        assert run.outcomes == ["failed", "passed", "failed"]
        assert run.of("total") == [None, ("double",), ALL, (), ("double",)]
        assert run.of("double") == [None], "nothing stands above it, and it was alone"

    def test_a_helper_that_is_right_only_by_itself_is_not_right_as_submitted(self):
        checks = made("half"), made(), made("total")  # or it would be by itself at once
        caller = right_where("total", ("double",), wrong=0.0)
        run = Run(*checks, double=right_where("double", AS_IT_STANDS), total=caller)
        assert run.outcomes == ["passed"] * 3
        assert run.of("total") == [None, ("double",)]

    def test_a_helper_that_fails_only_hidden_checks_is_not_right_as_submitted(self):
        def behave(_helpers: Helpers, x: Tensor) -> Tensor:
            return 2 * x if torch.equal(x, torch.round(x, decimals=2)) else x

        checks = made(), made(name="hidden", hidden=True, needs="double"), made("total")
        run = Run(*checks, double=behave, total=right_where("total", ("double", "half"), wrong=0.0))
        assert run.outcomes == ["passed", "failed", "passed"]

    def test_helpers_that_nobody_judges_are_answered_too(self):
        run = Run(made("total"), total=right_where("total", ALL))
        assert run.of("total") == [None, ALL]

    def test_what_is_not_there_is_looked_for_once(self):
        run = Run(made("total"), total=NotCallable("missing"), session={"names": ("double", "half")})
        assert run.outcomes == ["failed"]
        assert run.of("total") == [None]

    def test_a_name_that_was_there_when_the_file_was_loaded_is_tried_again(self):
        run = Run(made("total"), total=NotCallable("missing"))
        assert run.of("total") == [None, ALL, ALL, ()]

    def test_a_wrong_function_costs_one_fresh_worker_and_a_right_caller_none(self):
        checks = made(), made("half"), made("total"), made("total", "hidden", hidden=True, needs="total")
        run = Run(*checks, double=0.0, total=right_where("total", ("double",), wrong=0.0))
        assert run.outcomes == ["failed", "passed", "passed", "passed"]
        assert run.session.workers == 1 + 1

    def test_each_wrong_check_of_what_asks_for_nothing_costs_one_worker(self):
        run = Run(made("half", "a"), made("half", "b"), half=0.0, asks=False)
        assert run.outcomes == ["failed", "failed"]
        assert run.session.workers == 1 + 2

    def test_every_other_reading_has_a_worker_of_its_own(self):
        """Or what an earlier one has left behind there, such as a breach that was tried out, would make it right."""
        run = Run(made("total"), total=Raised("Error", "no"))
        assert run.of("total") == [None, ALL, ALL, ()]
        assert run.session.workers == 1 + 3

    def test_a_function_that_runs_into_a_breach_once_a_worker_is_no_right_one(self):
        breached = set()

        def behave(helpers: Helpers, x: Tensor) -> Any:
            worker = run_session[0].workers if run_session else 1
            if worker not in breached:
                breached.add(worker)
                return Returned(RIGHT["total"](x), (), Frame("exercise1.py", 3, "total", ""))
            return RIGHT["total"](x)

        run_session: list[FakeSession] = []
        original = FakeSession.__init__

        def remembered(self: FakeSession, *arguments: Any, **keywords: Any) -> None:
            original(self, *arguments, **keywords)
            run_session.append(self)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FakeSession, "__init__", remembered)
            run = Run(total=behave)
        assert run.outcomes == ["passed", "passed", "failed"]
        assert [violation.function for violation in run.runner.violations()] == ["total"]

    def test_that_is_spared_where_no_patience_is_left(self):
        run = Run(made("total"), total=LATE, session={"is_patient": False})
        assert run.of("total") == [None, ALL, ALL, ()]

    def test_what_a_check_has_led_to_the_next_ones_begin_with(self):
        checks = made("total", "a"), made("total", "b"), made("total", "hidden", hidden=True, needs="b")
        run = Run(*checks, total=right_where("total", ALL))
        assert run.outcomes == ["passed"] * 3
        assert run.of("total") == [None, None, ALL, ALL]

    def test_a_check_that_errors_is_not_tried_again(self):
        def broken(judge: CaseRecorder, draw: CaseGenerator) -> None:
            judge(draw.vector(3))
            raise ZeroDivisionError

        run = Run(CollectedCheck(made().check, broken), made("total"), total=0.0)
        assert run.outcomes == ["errored", "failed"]
        assert str(run.results[0].message) == "the grader failed: ZeroDivisionError()"
        assert run.of("double") == []

    def test_nor_where_other_checks_of_its_function_are(self):
        drawn = []

        def broken(judge: CaseRecorder, draw: CaseGenerator) -> None:
            drawn.append(1)
            raise ZeroDivisionError

        run = Run(made(), CollectedCheck(made(name="broken").check, broken), double=0.0)
        assert (run.outcomes, len(drawn)) == (["failed", "errored"], 1)

    @pytest.mark.parametrize("outcome", [pytest.skip.Exception("why"), pytest.fail.Exception("why")])
    def test_what_pytest_raises_is_no_verdict(self, outcome):
        def broken(judge: CaseRecorder, draw: CaseGenerator) -> None:
            raise outcome

        assert Run(CollectedCheck(made().check, broken)).outcomes == ["errored"]

    def test_what_there_is_no_time_for_says_so(self):
        run = Run(made("half"), half=0.0, session={"has_time": False})
        assert run.of("half") == [None]
        assert ["no time left" in str(note) for note in run.result.notes] == [True]

    def test_where_a_worker_takes_long_callers_of_wrong_helpers_come_first(self):
        caller, checks = right_where("total", ("double",), wrong=0.0), (made("half"), made(), made("total"))
        run = Run(*checks, double=0.0, total=caller, session={"loads_slowly": True})
        assert run.outcomes == ["passed", "failed", "passed"]
        assert run.tried[3:] == [("total", ("double",)), ("double", ())]

    def test_where_all_helpers_are_answered_places_count(self):
        run = Run(double=0.0, total=0.0)
        assert run.session.answerers == {("double",): "answer", ("double", "half"): "answer_in_turn"}

    def test_no_worker_that_answers_for_a_function_judges_it(self):
        """In reverse order, the caller's helpers are answered first, and one of them has a wrong helper itself."""
        caller = right_where("total", ("double", "half"), wrong=0.0)
        run = Run(double=0.0, half=0.0, total=caller, session={"loads_slowly": True})
        assert run.outcomes == ["failed", "failed", "passed"]

    @pytest.mark.parametrize(("at_home", "tries"), [(True, [None]), (False, [None, ("double",)])])
    def test_at_home_only_the_first_of_endless_functions_is_waited_for(self, at_home, tries, monkeypatch):
        monkeypatch.setattr(Oracles, "answers_helpers", not at_home)
        run = Run(double=LATE, total=LATE, asks=False)
        assert run.of("total") == tries
        assert run.outcomes == ["failed", "passed", "blocked" if at_home else "failed"]
        assert str(run.results[2].message).startswith("waits for `double`, which does not end" if at_home else "late")

    def test_at_home_what_is_wrong_after_an_endless_one_is_told(self, monkeypatch):
        monkeypatch.setattr(Oracles, "answers_helpers", False)
        assert Run(double=LATE, total=0.0, asks=False).outcomes == ["failed", "passed", "failed"]

    def test_every_reading_gets_the_same_case(self):
        run = Run(made("half"), half=0.0, asks=False)
        first, second = run.session.arguments
        assert torch.equal(first, second)

    def test_the_time_of_all_readings_counts(self):
        """Two readings, in each two calls."""
        assert Run(made("half"), half=lambda *_: time.sleep(0.02)).result.seconds >= 0.08


class TestOrder:
    CHECKS = (
        made("double"),
        made("double", "double_hidden", hidden=True),
        made("half"),
        made("half", "half_hidden", hidden=True),
    )

    def test_all_checks_are_run_as_submitted_before_any_is_tried_again_by_the_table(self):
        run = Run(*self.CHECKS, double=0.0, half=0.0)
        assert [function for function, _ in run.session.order[:4]] == ["double", "half", "double", "half"]
        assert all(is_as_submitted == (index < 4) for index, (_, is_as_submitted) in enumerate(run.session.order))
        assert [function for function, _ in groupby(run.session.order[4:], itemgetter(0))] == ["double", "half"]

    def test_results_come_in_the_order_of_the_checks(self):
        assert [result.check for result in Run(*self.CHECKS, half=0.0).results] == [each.check for each in self.CHECKS]


class TestNeeds:
    CHECKS = (made("half", "a"), made("half", "b", needs="a"), made("half", "c", needs="b"), made("half", "d"))

    @pytest.mark.parametrize(
        ("behave", "outcomes"),
        [
            (0.0, ["failed", "blocked", "blocked", "failed"]),
            (Raised("NotImplementedError", "", (Frame("x.py", 1, "half", ""),)), ["not_attempted"] * 4),
            (right_where("half", None), ["passed"] * 4),
            (right_where("half", AS_IT_STANDS), ["passed"] * 4),
            (right_where("half", ("double",)), ["passed"] * 4),
        ],
        ids=["wrong", "unwritten", "right", "right by itself", "right with helpers"],
    )
    def test_what_needs_a_check_waits_for_it(self, behave, outcomes):
        assert Run(*self.CHECKS, half=behave).outcomes == outcomes

    def test_what_needs_another_functions_check_is_run_once_that_has_passed(self):
        checks = made("total"), made("double"), made("half", needs="double")
        run = Run(*checks, double=right_where("double", AS_IT_STANDS))
        assert run.outcomes == ["passed"] * 3
        assert run.of("half") == [("double",)]

    def test_a_need_that_is_not_judged_does_not_matter(self):
        assert Run(made(needs="unknown")).outcomes == ["passed"]

    def test_a_file_that_cannot_be_loaded_fails_every_check_with_its_reason(self):
        problem = Problem(message("SyntaxError: {text}", text="no"))
        run = Run(made(), made(name="hidden", hidden=True), session={"problem": problem})
        assert [str(result.message) for result in run.results] == ["the file cannot be loaded: SyntaxError: no"] * 2
        assert run.session.order == []


class TestUnwritten:
    @pytest.mark.parametrize(
        ("kind", "functions", "outcome"),
        [
            ("NotImplementedError", ["double"], "not_attempted"),
            ("NotImplementedError", ["double", "helper"], "failed"),
            ("NotImplementedError", [], "failed"),
            ("ValueError", ["double"], "failed"),
        ],
    )
    def test_only_the_function_itself_says_so(self, kind, functions, outcome):
        trace = tuple(Frame("x.py", 1, name, "") for name in functions)
        assert Run(made(), double=Raised(kind, "", trace)).outcomes == [outcome]

    @pytest.mark.parametrize(
        ("unwritten", "answer", "outcome"),
        [("double", None, "not_attempted"), ("total", None, "failed"), ("double", 0.0, "failed")],
    )
    def test_an_empty_body_that_returns_none_is_unwritten(self, unwritten, answer, outcome):
        assert Run(made(), double=constant(answer), unwritten=unwritten).outcomes == [outcome]


class TestWhatSpeaks:
    """Of the failures of a check, the first; that with answered helpers where wrong ones were asked for."""

    def text(self, *, asks: bool, **functions: Any) -> str:
        return str(Run(*(made(name) for name in TABLE), asks=asks, **functions).results[2].message)

    def test_the_first_unless_wrong_helpers_were_asked_for(self):
        never = right_where("total")
        assert self.text(asks=False, total=never) == "it raises Error: None"
        assert self.text(asks=True, total=never) == "it raises Error: None"  # as at home
        assert self.text(asks=True, total=right_where("total", wrong=0.0), half=0.0) == "the value is wrong"

    def test_the_last_of_those_with_helpers(self):
        assert self.text(asks=True, half=0.0, total=right_where("total")) == "it raises Error: ('double', 'half')"

    def test_not_a_question_that_was_refused(self):
        def behave(helpers: Helpers, _x: Tensor) -> Any:
            return Raised("Refusal", f"half {NO_ANSWER}") if helpers else Raised("Error", "first")

        assert self.text(asks=True, total=behave) == "it raises Error: first"


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
        run = Run(made(hidden=True), double=lambda *_: answer)
        assert run.result.outcome == "failed"
        is_zero = str(run.result.message) == "the value is 0, whatever the numbers are"
        assert is_zero or run.result.message in HIDDEN.values()
        assert (run.result.evidence, run.result.notes, run.runner.printed) == (None, (), [])

    @pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer)[:30])
    def test_a_visible_one_shows_the_case(self, answer):
        result = Run(made(), double=lambda *_: answer).result
        assert result.evidence is not None
        has_numbers = isinstance(answer, Tensor) and answer.shape == (3,)  # others are of another form, or raise
        assert not has_numbers or result.evidence.case[0][0] == "x"

    def test_notes_of_a_hidden_check_do_not_hold_what_the_code_put_there(self):
        def behave(_helpers: Helpers, x: Tensor) -> Any:
            return Returned((2 * x).tolist())

        visible, hidden = Run(made(), made(name="hidden", hidden=True), double=behave).results
        assert (visible.outcome, hidden.outcome) == ("passed", "passed")
        assert visible.notes
        assert hidden.notes == ()

    def test_what_visible_checks_print_as_submitted_is_kept(self):
        assert Run(made(), made(name="hidden", hidden=True), double=0.0).runner.printed == ["[None]"]


class TestCases:
    def case(self, name: str = "it", **how: Any) -> list[list[float]]:
        """The case of a visible check and of a hidden one."""
        run = Run(made(name=name), made(name=f"{name}_hidden", hidden=True), **how)
        return [argument.tolist() for argument in run.session.arguments]

    def test_the_same_seed_draws_the_same_case(self):
        assert self.case() == self.case()
        for other in (self.case(seed=1), self.case(name="other")):
            assert all(one != another for one, another in zip(self.case(), other, strict=True))

    def test_a_secret_changes_hidden_cases_only(self):
        plain, one, again, other = (self.case(secret=secret) for secret in ("", "s", "s", "t"))
        assert plain[0] == one[0] == other[0]
        assert one == again
        assert len({str(case[1]) for case in (plain, one, other)}) == 3

    def test_visible_cases_can_be_typed_in_and_hidden_ones_have_all_their_digits(self):
        visible, hidden = self.case()
        assert all(number == round(number, 2) for number in visible)
        assert all(number != round(number, 6) for number in hidden)


class TestPrecision:
    def result(self, behave: Callable[[Tensor], Any], *, hidden: bool = True) -> CheckResult:
        return Run(made(hidden=hidden), double=lambda _helpers, x: behave(x)).result

    def test_a_formula_that_passes_through_float32_is_right_with_a_note(self):
        found = self.result(lambda x: (2 * x.float()).double() + 1e-12)
        assert found.outcome == "passed"
        assert "float32" in str(found.notes[0])

    @pytest.mark.parametrize(
        "behave",
        [
            lambda x: 2 * x * (1 + 5e-5),
            lambda x: 2 * x + 3e-6,
            lambda x: 2 * torch.round(x, decimals=1),
            lambda x: torch.round(2 * x, decimals=3),
        ],
        ids=["factor", "offset", "rounded x", "rounded"],
    )
    def test_what_is_off_by_a_little_or_rounded_is_wrong(self, behave):
        assert self.result(behave).outcome == "failed"

    def test_the_imprecise_one_speaks_of_its_own_case(self):
        assert (
            str(self.result(lambda x: 2 * x * (1 + 5e-5), hidden=False).message)
            == "the value is right to 4 digits, not exact"
        )


def test_a_kit_that_disagrees_with_itself_is_errored_and_says_where():
    run = Run(made(), reference=LocalFunctions(double=lambda x: 3 * x))
    assert (run.outcomes, run.result.score, run.of("double")) == (["errored"], 0, [None])
    assert "double: oracle and reference disagree" in str(run.result.message)


class TestViolations:
    def breach(self, label: str, line: int = 7) -> Returned:
        return Returned(0, (), Frame(label, line, "helper", ""))

    def test_a_breach_is_reported_once_with_its_line(self):
        run = Run(made(), made(name="b"), double=self.breach("exercise1.py"))
        (violation,) = run.runner.violations()
        assert (violation.rule, violation.function, violation.line) == ("by-hand", "double", 7)

    def test_one_that_only_a_hidden_check_has_found_is_told_at_the_definition(self, monkeypatch):
        """A line could tell what the worker was asked."""
        cells = (Cell("cell 1", "x = 1\n"), Cell("cell 2", "def double(x):\n    return 2 * x\n\n\ndouble = 3\n"))
        monkeypatch.setattr(FakeSession, "cells", cells)
        (violation,) = Run(made(hidden=True), double=self.breach("cell 1", 2)).runner.violations()
        assert (violation.line, str(violation.text).partition(":")[0]) == (5, "cell 2")
        monkeypatch.setattr(FakeSession, "cells", (Cell("exercise1.py", "\n" * 99 + "double, half = f()"),))
        (violation,) = Run(made(hidden=True), double=self.breach("exercise1.py", 77)).runner.violations()
        assert violation.line == 1

    def test_one_that_a_visible_check_has_found_is_told_at_its_line_alone(self):
        run = Run(made(), made(name="b", hidden=True), double=self.breach("exercise1.py"))
        (violation,) = run.runner.violations()
        assert violation.line == 7

    def test_in_a_notebook_the_cell_is_named(self):
        (violation,) = Run(made(), double=self.breach("cell 3")).runner.violations()
        assert str(violation.text).startswith("cell 3: ")

    @pytest.mark.parametrize(("label", "line"), [("exercise1.py", 0), ("exercise1.py", 101), ("elsewhere.py", 1)])
    def test_a_place_that_the_file_does_not_have_is_none(self, label, line):
        run = Run(made(), double=self.breach(label, line))
        assert run.outcomes == ["failed"]
        assert run.runner.violations() == ()

    def test_a_breach_in_a_reading_that_does_not_speak_is_none(self):
        own = self.breach("exercise1.py")
        right = Run(made("half"), made(), double=right_where("double", AS_IT_STANDS, wrong=own))
        assert right.outcomes == ["passed", "passed"]
        helped = Run(made("total"), total=lambda helpers, _x: 0.0 if helpers else own)
        assert helped.outcomes == ["failed"]
        assert right.runner.violations() == helped.runner.violations() == ()
