"""The judging of one function: what speaks first, in which words, how exact it is, and when the kit is at fault."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from slopes import LocalFunctions, X, checks_module, ends, loose, slope
from torch import Tensor

from autograder.checking import ExpectedValue, FormMismatch, RemoteConstructor, message, oracle, reader, terms
from autograder.grading.evaluation import (
    BREACH,
    LATE,
    OF_THE_LOSS,
    SINGLE_NOTE,
    CheckFailed,
    Evaluator,
    OraclesDisagree,
)
from autograder.grading.oracles import Oracles
from autograder.grading.outcomes import SIGN
from autograder.host.answers import Case, Frame, NotCallable, ProbeFailed, Raised, Returned, WorkerLost
from autograder.model import ForeignValue, WrongPart


class OneByOne(Evaluator):
    """Judges a case at a time."""

    def __call__(self, *arguments: Any) -> None:
        super().__call__((Case(arguments),))


def judge(function: str, *, reference: LocalFunctions | None = None, **functions: Any) -> OneByOne:
    return OneByOne(function, Oracles(checks_module(slope, ends, loose)), reference, LocalFunctions(**functions))


def failure(judging: OneByOne, *arguments: Any) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        judging(*arguments)
    return caught.value


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
            (WorkerLost("late", message("too late")), "late"),
            (WorkerLost("died", message("gone")), "lost"),
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

    def test_where_the_loss_alone_is_wrong_it_is_asked_about(self):
        @oracle("slope", "epoch_loss")
        def epoch(_functions: Any, x: Tensor) -> tuple[ExpectedValue, ExpectedValue]:
            return terms(2 * x), terms(x.sum())

        def question(*answer: Any) -> str | None:
            functions = LocalFunctions(epoch=lambda _: answer)
            return failure(OneByOne("epoch", Oracles(checks_module(epoch)), None, functions), X).question

        assert question(2 * X, X.sum() + 1) == OF_THE_LOSS["epoch_loss"]
        assert question(3 * X, X.sum() + 1) is None

    def test_a_missing_function_is_asked_for_by_name(self):
        assert "did you mean `slop`?" in str(failure(judge("slope", slop=lambda x: x), X).text)
        assert "called as slope(x)" in str(failure(judge("slope", other=lambda x: x), X).text)

    def test_evidence_shows_the_case_and_both_values(self):
        found = failure(judge("ends", ends=lambda x: (x.min(), x.max() + 1)), X).evidence
        assert found.case == (("x", "[0.3, -1.7, 2.1]"),)
        assert (found.wrong, found.right) == ((WrongPart("high", "3.1", "2.1"),), ("low",))

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

    def test_a_second_call_of_another_form_is_another_answer(self):
        answers = iter([2 * X, X[:1]])
        assert failure(judge("slope", slope=lambda x: next(answers)), X).kind == "repeat"

    def test_that_an_answer_is_late_is_evidence(self):
        late = failure(judge("slope", slope=lambda x: WorkerLost("late", message("too late"))), X)
        assert [each.answer for each in late.observations] == [Raised(SIGN, LATE)]
        gone = failure(judge("slope", slope=lambda x: WorkerLost("died", message("gone"))), X)
        assert gone.observations == ()

    def test_a_function_that_need_not_repeat_is_called_once(self):
        student = LocalFunctions(loose=lambda x: x)
        OneByOne("loose", Oracles(checks_module(loose)), None, student)(X)
        assert student.called == ["loose"]

    @pytest.mark.parametrize(("error", "passes"), [(1e-10, True), (1e-8, False), (-1e-8, False)])
    def test_float64_is_held_to_a_milliardth(self, error, passes):
        judging = judge("slope", slope=lambda x: 2 * x * (1 + error))
        if passes:
            judging(X)
        else:
            found = failure(judging, X)
            assert (found.kind, found.is_imprecise) == ("value", True)

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
        assert found.is_imprecise
        assert str(found.text) == "the value is right to 4 digits, not exact"

    def test_a_wrong_value_is_not_imprecise(self):
        assert not failure(judge("slope", slope=lambda x: 2.01 * x), X).is_imprecise

    def test_numbers_that_torch_cannot_put_together_are_no_answer(self):
        odd = [torch.zeros((), dtype=torch.complex64), ForeignValue("x", torch.zeros(2)), 1.0]
        assert failure(judge("slope", slope=lambda x: odd), X).kind in ("type", "shape")


class TestAudit:
    def test_a_reference_that_agrees_changes_nothing(self):
        judge("slope", reference=LocalFunctions(slope=lambda x: x + x), slope=lambda x: 2 * x)(X)

    @pytest.mark.parametrize(
        "wrong", [lambda x: 2.001 * x, lambda x: 2 * x[:, None], lambda x: None, lambda x: x * float("inf")]
    )
    def test_a_reference_that_disagrees_is_the_kits_fault(self, wrong):
        with pytest.raises(OraclesDisagree, match="slope"):
            judge("slope", reference=LocalFunctions(slope=wrong), slope=lambda x: 2 * x)(X)

    def test_a_reference_without_an_answer_is_the_kits_fault(self):
        with pytest.raises(OraclesDisagree):
            judge("slope", reference=LocalFunctions(), slope=lambda x: 2 * x)(X)


class TestExpectedOnce:
    def judging(self, computed: list[str], value: Callable[..., Any] | None = None) -> Evaluator:
        @oracle()
        def slope(_functions: Any, x: Any) -> ExpectedValue:
            computed.append("slope")
            return terms(2 * X) if value is None else value(x)

        return Evaluator("slope", Oracles(checks_module(slope)), None, LocalFunctions(slope=lambda _: 2 * X))

    def test_the_value_of_a_case_is_computed_once_for_all_students(self):
        computed: list[str] = []
        cases = Case((X,)), Case((X.clone(),))
        for _ in range(3):
            self.judging(computed)(cases)
        assert len(computed) == len(cases)

    def test_so_it_is_where_an_object_is_made_for_each_call_since_it_hangs_on_what_that_is_made_of(self):
        computed: list[str] = []
        case = Case((RemoteConstructor("model", ()),))
        for _ in range(3):
            self.judging(computed)((case,))
        assert len(computed) == 1


class TestReading:
    """Answers that stay in the worker, and are read there."""

    def judging(self, read: Callable[..., Any], *, reference: LocalFunctions | None = None) -> OneByOne:
        @oracle()
        def slope(_functions: Any, x: Tensor, *, start: Tensor) -> ExpectedValue:
            """2x, from where it started."""
            return terms(2 * x, start)

        reading = reader("slope")(read)
        return OneByOne(
            "slope", Oracles(checks_module(slope, reading)), reference, LocalFunctions(slope=lambda x: 2 * x)
        )

    def test_what_is_observed_reaches_the_oracle(self):
        def read(_probe: Any, value: Any, _x: Tensor) -> Any:
            return value + 3, {"start": torch.tensor(3.0)}

        self.judging(read)(X)

    @pytest.mark.parametrize(
        ("error", "kind", "text"),
        [
            (FormMismatch("shape", message("no such layer")), "shape", "no such layer"),
            (ProbeFailed("too late"), "raised", "what it returns cannot be used: too late"),
            (KeyError("weights"), "type", "what it returns cannot be used; compare it with what the description asks"),
        ],
        ids=lambda part: type(part).__name__,
    )
    def test_what_cannot_be_read_is_the_students_failure(self, error, kind, text):
        def read(*_: Any) -> Any:
            raise error

        found = failure(self.judging(read), X)
        assert found.kind == kind
        assert str(found.text).startswith(text)

    def test_an_observation_that_the_oracle_cannot_use_is_the_workers_word(self):
        assert failure(self.judging(lambda _probe, value, _x: (value, {"start": "nonsense"})), X).kind == "type"

    def test_a_reader_that_fails_on_the_reference_too_is_the_kits_fault(self):
        def read(*_: Any) -> Any:
            raise KeyError("weights")

        with pytest.raises(KeyError):
            self.judging(read, reference=LocalFunctions(slope=lambda x: 2 * x))(X)
