"""What check authors use: checks and oracles, the judge that compares a student's function with them, compositions."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.checking import (
    CaseGenerator,
    CaseRecorder,
    ExpectedValue,
    check,
    composition,
    gradients,
    oracle,
    reader,
    reference_helper,
    summed,
    terms,
)
from autograder.grading.composing import depends, rebuild
from autograder.grading.evaluation import BREACH, SINGLE_NOTE, CheckFailed, Evaluator, OraclesDisagree
from autograder.grading.oracles import MAX_QUESTION_NUMBERS, Oracles
from autograder.host.answers import (
    Answer,
    Case,
    Frame,
    NotCallable,
    ProbeFailed,
    Question,
    Raised,
    Refusal,
    RemoteConstructor,
    Returned,
    WorkerLost,
)
from autograder.model import ForeignValue, message


def module(*functions: Callable[..., Any]) -> ModuleType:
    """A checks module with these functions in it."""
    made = ModuleType("checks")
    vars(made).update({function.__name__: function for function in functions})
    return made


@oracle()
def slope(_own: Any, x: Tensor) -> ExpectedValue:
    """2x."""
    return terms(2 * x)


@oracle()
def total(own: Any, x: Tensor, scale: float) -> ExpectedValue:
    """The sum of all slopes, scaled."""
    return summed(own.slope(x) * scale)


@oracle("low", "high")
def ends(_own: Any, x: Tensor) -> tuple[ExpectedValue, ExpectedValue]:
    """Smallest and largest."""
    return terms(x.min()), terms(x.max())


@oracle(single=True, repeatable=False)
def loose(_own: Any, x: Tensor) -> ExpectedValue:
    """Itself."""
    return terms(x)


ORACLES = Oracles(module(slope, total, ends, loose))


class Student:
    """Functions that run here, each with the answers it gives one after the other."""

    def __init__(self, **functions: Callable[..., Any]) -> None:
        self._functions = functions
        self.called: list[str] = []

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._functions)

    def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Answer:
        answer = self._call(function, arguments)
        if not (twice and isinstance(answer, Returned)):
            return answer
        again = self._call(function, arguments)
        return replace(answer, again=again if isinstance(again, Returned) else None)

    def calls(self, function: str, cases: tuple[Case, ...], *, twice: bool = False) -> Iterator[Answer]:
        return (self.call(function, list(case.arguments), twice=twice) for case in cases)

    def _call(self, function: str, arguments: list[Any]) -> Answer:
        self.called.append(function)
        if function not in self._functions:
            return NotCallable("missing")
        answer = self._functions[function](*arguments)
        return answer if isinstance(answer, Answer) else Returned(answer)

    def probe(self, name: str, *_arguments: Any) -> Any:
        raise ProbeFailed(name)


class OneByOne(Evaluator):
    """Judges a case at a time."""

    def __call__(self, *arguments: Any) -> None:
        super().__call__((Case(arguments),))


def judge(function: str, *, composed: bool = False, reference: Student | None = None, **functions: Any) -> OneByOne:
    return OneByOne(
        function, Oracles(module(slope, total, ends, loose)), reference, Student(**functions), composed=composed
    )


def failure(judging: OneByOne, *arguments: Any) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        judging(*arguments)
    return caught.value


X = torch.tensor([0.3, -1.7, 2.1], dtype=torch.float64)


class TestDecorators:
    def test_a_check_says_what_it_is(self):
        @check("loss", points=2, hint="Why?", visibility="hidden", needs=("other",))
        def check_loss_adds_up(judge: CaseRecorder, draw: CaseGenerator) -> None:
            """adds up"""

        marked = vars(check_loss_adds_up)["check"]
        assert (marked.name, marked.function, marked.summary) == ("loss_adds_up", "loss", "adds up")
        assert (marked.points, marked.hint, marked.visibility, marked.needs) == (2, "Why?", "hidden", ("other",))

    def test_oracles_are_found_by_their_mark(self):
        found = Oracles(module(slope, lambda x: x))
        assert vars(found.namespace(lambda name: name)) == {"slope": "slope"}
        assert ORACLES.names("ends") == ("low", "high")
        assert (ORACLES.is_single("loose"), ORACLES.repeatable("loose")) == (True, False)
        assert (ORACLES.is_single("slope"), ORACLES.repeatable("slope")) == (False, True)

    def test_parameters_are_those_of_the_graded_function(self):
        assert ORACLES.parameters("total") == ("x", "scale")

        @oracle()
        def watched(_own: Any, x: Tensor, *, seen: Tensor) -> ExpectedValue:
            """What was seen."""
            return terms(x + seen)

        assert Oracles(module(watched)).parameters("watched") == ("x",)

    def test_what_an_oracle_is_made_of_is_read_from_it(self):
        assert ORACLES.composed_of("total") == {"slope"}
        assert ORACLES.composed_of("slope") == frozenset()

    def test_an_oracle_made_of_others_uses_their_values(self):
        assert ORACLES.expect("total", (X, 0.5)).value == pytest.approx(float(X.sum()))

    def test_a_reader_turns_an_answer_into_values(self):
        @reader("slope")
        def read(_probe: Any, answer: Any, x: Tensor) -> tuple[Any, dict[str, Any]]:
            return answer * len(x), {"more": 1}

        assert Oracles(module(slope, read)).read("slope", print, 2, (X,)) == (6, {"more": 1})
        assert ORACLES.read("slope", print, 2, (X,)) == (2, {})

    def test_a_composition_of_its_own_goes_before_the_oracle(self):
        @composition("slope")
        def made(own: Any, x: Tensor) -> ExpectedValue:
            return terms(own.ends(x)[0] * x)

        oracles = Oracles(module(slope, ends, made))
        assert oracles.composed_of("slope") == {"ends"}
        own = SimpleNamespace(ends=lambda x: (torch.tensor(3.0), None))
        assert oracles.compose("slope", (X,), own).value.tolist() == (3 * X).tolist()


class TestGradients:
    def test_they_are_autograds_with_each_samples_share(self):
        upstream = torch.tensor([1.0, -2.0, 4.0], dtype=torch.float64)
        parameters = {"a": torch.tensor(0.5, dtype=torch.float64), "b": torch.tensor(7.0, dtype=torch.float64)}
        made = gradients(lambda p: p["a"] * X + p["b"], parameters, upstream)
        assert float(made["a"].value) == pytest.approx(float((upstream * X).sum()))
        assert float(made["a"].scale) == pytest.approx(float((upstream * X).abs().sum()))
        assert (float(made["b"].value), float(made["b"].scale)) == (3.0, 7.0)
        assert not parameters["a"].requires_grad


class TestJudge:
    def test_right_values_pass_without_notes(self):
        judging = judge("slope", slope=lambda x: 2 * x)
        judging(X)
        assert judging.notes == {}

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (3 * X, "value"),
            (None, "type"),
            (2 * X[:, None], "shape"),
            (X * float("nan"), "finite"),
            (ForeignValue("thing"), "type"),
            (NotCallable("missing"), "unusable"),
            (WorkerLost("late", message("too late")), "lost"),
            (Raised("ValueError", "no"), "raised"),
            (Returned(2 * X, (0,)), "changed"),
            (Returned(3 * X, (0,)), "changed"),
            (Returned(None, (0,)), "type"),
            (Returned(2 * X, (), Frame("x.py", 3, "slope", "")), "breach"),
            (Raised("RuntimeError", "off", breach=Frame("x.py", 3, "slope", "")), "breach"),
        ],
        ids=lambda part: str(part)[:40],
    )
    def test_the_first_thing_wrong_speaks(self, answer, kind):
        assert failure(judge("slope", slope=lambda x: answer), X).kind == kind

    def test_words_for_what_goes_wrong(self):
        def text(answer: Any) -> str:
            return str(failure(judge("slope", slope=lambda x: answer), X).text)

        assert text(3 * X) == "the value is wrong"
        assert text(Raised("ValueError", "no")) == "it raises ValueError: no"
        assert text(Raised("ValueError", "")) == "it raises ValueError"
        assert text(Returned(2 * X, (0,))).startswith("`x` was changed in place")
        assert text(NotCallable("a function of (y)")) == "`slope` is a function of (y); it is called as slope(x)"
        assert text(Returned(0, (), Frame("x.py", 3, "slope", ""))) == str(BREACH)

    def test_a_missing_function_is_asked_for_by_name(self):
        assert "did you mean `slop`?" in str(failure(judge("slope", slop=lambda x: x), X).text)
        assert "called as slope(x)" in str(failure(judge("slope", other=lambda x: x), X).text)

    def test_evidence_shows_the_case_and_both_values(self):
        found = failure(judge("ends", ends=lambda x: (x.min(), x.max() + 1)), X).evidence
        assert found.case == (("x", "[0.3, -1.7, 2.1]"),)
        assert (found.yours, found.expected, found.right) == ("3.1", "2.1", ("low",))

    def test_wrong_parts_are_named(self):
        assert str(failure(judge("ends", ends=lambda x: (x.max(), x.min())), X).text) == "`low` and `high` are wrong"

    def test_a_trace_is_shown_with_the_case(self):
        answer = Raised("ValueError", "no", (Frame("x.py", 3, "slope", "return 1/0"),))
        found = failure(judge("slope", slope=lambda x: answer), X)
        assert found.evidence.trace == ("x.py, line 3, in slope: return 1/0",)
        assert found.raised is answer

    def test_a_second_call_must_answer_the_same(self):
        answers = iter([2 * X, 2 * X, 2 * X, 4 * X])
        judging = judge("slope", slope=lambda x: next(answers))
        judging(X)
        assert failure(judging, X).kind == "repeat"

    def test_a_second_call_that_fails_is_another_answer(self):
        answers = iter([2 * X, Raised("ValueError", "only once")])
        assert failure(judge("slope", slope=lambda x: next(answers)), X).kind == "repeat"

    def test_a_function_that_need_not_repeat_is_called_once(self):
        student = Student(loose=lambda x: x)
        OneByOne("loose", ORACLES, None, student, composed=False)(X)
        assert student.called == ["loose"]

    @pytest.mark.parametrize(("error", "passes"), [(1e-10, True), (1e-8, False), (-1e-8, False)])
    def test_float64_is_held_to_a_milliardth(self, error, passes):
        judging = judge("slope", slope=lambda x: 2 * x * (1 + error))
        if passes:
            judging(X)
        else:
            found = failure(judging, X)
            assert (found.kind, found.imprecise) == ("value", True)

    def test_float32_in_passes_with_its_precision_and_no_note(self):
        judging = judge("slope", slope=lambda x: 2 * x * (1 + 5e-5))
        judging(X.float())
        assert judging.notes == {}
        assert failure(judge("slope", slope=lambda x: 2 * x * (1 + 2e-4)), X.float()).kind == "value"

    def test_float32_out_for_float64_in_passes_with_a_note(self):
        judging = judge("slope", slope=lambda x: (2 * x).float())
        judging(X)
        assert list(judging.notes) == [SINGLE_NOTE]
        assert failure(judge("slope", slope=lambda x: (2.001 * x).float()), X).kind == "value"

    def test_float64_digits_beyond_float32_are_no_excuse(self):
        found = failure(judge("slope", slope=lambda x: 2 * x * (1 + 5e-5)), X)
        assert found.imprecise
        assert str(found.text) == "the value is imprecise"

    def test_a_wrong_value_is_not_imprecise(self):
        assert not failure(judge("slope", slope=lambda x: 2.01 * x), X).imprecise

    def test_numbers_that_torch_cannot_put_together_are_no_answer(self):
        odd = [torch.zeros((), dtype=torch.complex64), ForeignValue("x", torch.zeros(2)), 1.0]
        assert failure(judge("slope", slope=lambda x: odd), X).kind in ("type", "shape")


class TestAudit:
    def test_a_reference_that_agrees_changes_nothing(self):
        judge("slope", reference=Student(slope=lambda x: x + x), slope=lambda x: 2 * x)(X)

    @pytest.mark.parametrize(
        "wrong", [lambda x: 2.001 * x, lambda x: 2 * x[:, None], lambda x: None, lambda x: x * float("inf")]
    )
    def test_a_reference_that_disagrees_is_the_kits_fault(self, wrong):
        with pytest.raises(OraclesDisagree, match="slope"):
            judge("slope", reference=Student(slope=wrong), slope=lambda x: 2 * x)(X)

    def test_a_reference_without_an_answer_is_the_kits_fault(self):
        with pytest.raises(OraclesDisagree):
            judge("slope", reference=Student(), slope=lambda x: 2 * x)(X)


class TestComposition:
    def test_what_follows_from_own_wrong_functions_is_right(self):
        judge("total", composed=True, slope=lambda x: 3 * x, total=lambda x, scale: (3 * x * scale).sum())(X, 0.5)

    def test_what_does_not_follow_is_wrong(self):
        judging = judge("total", composed=True, slope=lambda x: 3 * x, total=lambda x, scale: (2 * x * scale).sum())
        found = failure(judging, X, 0.5)
        assert (found.kind, found.evidence.oracle) == ("value", "your own functions, composed")

    @pytest.mark.parametrize("constant", [0.0, 1.0, -7.5])
    def test_constant_functions_prove_nothing(self, constant):
        judging = judge(
            "total",
            composed=True,
            slope=lambda x: torch.full_like(x, constant),
            total=lambda x, scale: torch.tensor(3 * constant * scale),
        )
        assert failure(judging, X, 0.5).kind == "value"

    @pytest.mark.parametrize(
        "broken", [Raised("ValueError", ""), NotCallable("missing"), None, ForeignValue("x")], ids=str
    )
    def test_broken_functions_prove_nothing(self, broken):
        judging = judge("total", composed=True, slope=lambda x: broken, total=lambda x, scale: torch.tensor(0.0))
        assert failure(judging, X, 0.5).kind in ("lost", "type")

    def test_own_functions_that_are_not_finite_prove_nothing(self):
        nan = float("nan")
        judging = judge("total", composed=True, slope=lambda x: x * nan, total=lambda x, scale: torch.tensor(nan))
        assert failure(judging, X, 0.5).kind == "finite"


class TestDependence:
    def reference(self, given: tuple[Any, ...]) -> dict[str, ExpectedValue]:
        x, scales = given
        return {"sum": terms(x.sum()), "scaled": terms(x.sum() * scales["s"])}

    def having(
        self, **parts: Callable[[Tensor, float], Tensor]
    ) -> Callable[[tuple[Any, ...]], dict[str, ExpectedValue]]:
        return lambda given: {
            name: terms(torch.as_tensor(part(given[0], given[1]["s"]))) for name, part in parts.items()
        }

    def depends(self, **parts: Callable[[Tensor, float], Tensor]) -> bool:
        return depends(self.having(**parts), self.reference, (X, {"s": 0.5}))

    def test_the_reference_depends_like_itself(self):
        assert self.depends(sum=lambda x, s: x.sum(), scaled=lambda x, s: x.sum() * s)

    def test_wrong_values_can_depend(self):
        assert self.depends(sum=lambda x, s: -3 * x.sum() + 1, scaled=lambda x, s: x.max() * s * 2)

    def test_every_part_must_react_to_what_the_references_does(self):
        assert not self.depends(sum=lambda x, s: x.sum(), scaled=lambda x, s: torch.tensor(1.0))
        assert not self.depends(sum=lambda x, s: torch.tensor(0.0), scaled=lambda x, s: x.sum() * s)
        assert not self.depends(sum=lambda x, s: x.sum(), scaled=lambda x, s: x.sum())

    def test_a_reaction_that_is_next_to_nothing_is_none(self):
        assert not self.depends(sum=lambda x, s: 1e-6 * x.sum(), scaled=lambda x, s: x.sum() * s)

    def test_rebuilding_keeps_containers_and_order(self):
        numbers = iter(range(4))
        assert rebuild(({"a": 0, "b": [0]}, 0), lambda: next(numbers)) == ({"a": 0, "b": [1]}, 2)


def answer(function: str, *arguments: Any, oracles: Oracles = ORACLES, **keywords: Any) -> Any:
    return oracles.answer(Question(function, list(arguments), keywords, lambda *_: None))


RECURSIVE: list[Any] = []
RECURSIVE.append(RECURSIVE)


class TestQuestions:
    @pytest.mark.parametrize(
        "given",
        [
            X,
            X.tolist(),
            tuple(X.tolist()),
            ForeignValue("numpy.ndarray", X),
            [torch.tensor(value) for value in X.tolist()],
        ],
        ids=lambda part: type(part).__name__,
    )
    def test_they_are_answered_with_values_whatever_the_form(self, given):
        assert answer("slope", given).tolist() == pytest.approx((2 * X).tolist())

    def test_names_and_positions_both_do(self):
        assert float(answer("total", scale=2.0, x=X)) == pytest.approx(float(4 * X.sum()))

    def test_containers_are_kept(self):
        low, high = answer("ends", X)
        assert (float(low), float(high)) == (pytest.approx(-1.7), pytest.approx(2.1))

    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            (None,),
            ("x" * 10**6,),
            (ForeignValue("thing"),),
            (ForeignValue("x", "y"),),
            ({"a": X},),
            ([[1.0, 2.0], [3.0]],),
            ({ForeignValue("k"): 1},),
            (torch.zeros(MAX_QUESTION_NUMBERS + 1),),
            ([X] * MAX_QUESTION_NUMBERS,),
            (RECURSIVE,),
            (10**400,),
        ],
        ids=lambda part: str(part)[:30],
    )
    def test_nonsense_is_refused_and_nothing_else(self, arguments):
        with pytest.raises(Refusal, match="slope cannot be called with these arguments"):
            answer("slope", *arguments)

    @pytest.mark.parametrize("function", ["", "nothing", "__class__", "answer"])
    def test_a_function_that_is_not_graded_is_refused(self, function):
        with pytest.raises(Refusal):
            answer(function, X)

    @pytest.mark.parametrize("scale", [0, -1, 10**9, 10**400, float("nan"), "x", None, [], {}], ids=str)
    def test_odd_numbers_are_answered_or_refused(self, scale):
        with contextlib.suppress(Refusal):
            assert isinstance(answer("total", X, scale), Tensor)

    def test_dtypes_of_every_kind_are_answered_or_refused(self):
        for dtype in (torch.bool, torch.int8, torch.int64, torch.float16, torch.bfloat16, torch.complex64):
            with contextlib.suppress(Refusal):
                assert isinstance(answer("slope", torch.ones(3, dtype=dtype)), Tensor)

    def test_a_stand_in_answers_in_place_of_the_oracle(self):
        @reference_helper("slope")
        def instead(_probe: Any, x: Tensor) -> str:
            return f"{len(x)} numbers"

        assert answer("slope", X, oracles=Oracles(module(slope, instead))) == "3 numbers"

    def test_what_a_stand_in_or_its_probe_raises_is_a_refusal(self):
        @reference_helper("slope")
        def instead(probe: Any, x: Tensor) -> str:
            raise ProbeFailed(str(probe))

        with pytest.raises(Refusal):
            answer("slope", X, oracles=Oracles(module(slope, instead)))


class TestRemembering:
    def judging(self, computed: list[str], function: Callable[..., Any] = slope) -> Evaluator:
        @oracle()
        def counted(own: Any, x: Any) -> ExpectedValue:
            computed.append("slope")
            return function(own, x)  # type: ignore[no-any-return]

        counted.__name__ = "slope"
        return Evaluator("slope", Oracles(module(counted)), None, Student(slope=lambda x: 2 * x), composed=False)

    def test_the_value_of_a_case_is_computed_once_for_all_students(self):
        computed: list[str] = []
        cases = Case((X,)), Case((X.clone(),))
        for _ in range(3):
            self.judging(computed)(cases)
        assert len(computed) == len(cases)

    def test_a_question_of_the_same_identity_is_answered_once(self):
        computed: list[str] = []
        oracles = self.judging(computed)._oracles
        for identity in (b"one", b"one", b"other", None, None, b"x" * 2000, b"x" * 2000):
            assert oracles.answer(Question("slope", [X], {}, lambda *_: None, identity)).tolist() == (2 * X).tolist()
        assert len(computed) == 2 + 4

    def test_what_is_refused_once_is_refused_again(self):
        for _ in range(2):
            with pytest.raises(Refusal):
                ORACLES.answer(Question("slope", [], {}, lambda *_: None, b"none"))

    def test_a_stand_in_makes_a_new_object_each_time(self):
        @reference_helper("slope")
        def made(probe: Any, x: Tensor) -> RemoteConstructor:
            return RemoteConstructor("model", ())

        oracles = Oracles(module(slope, made))
        one, other = (oracles.answer(Question("slope", [X], {}, lambda *_: None, b"same")) for _ in range(2))
        assert one.number != other.number

    def test_of_an_object_made_for_one_call_it_is_computed_each_time(self):
        computed: list[str] = []
        case = Case((RemoteConstructor("model", ()),))
        student = Student(slope=lambda _: 2 * X)
        for _ in range(3):
            judging = self.judging(computed, lambda _own, _x: terms(2 * X))
            judging._student = student
            judging((case,))
        assert len(computed) == 3
