"""Oracles: what marks them, what they are asked for, and how they answer a student's calls in place of helpers."""

import contextlib
import warnings
from typing import Any

import pytest
import torch
from slopes import X, checks_module, ends, loose, slope, total
from torch import Tensor

from autograder.checking import ExpectedValue, RemoteConstructor, gradients, oracle, reader, reference_helper, terms
from autograder.grading.oracles import (
    LONGEST_REMEMBERED,
    MAX_BROADCAST_NUMBERS,
    MAX_QUESTION_NUMBERS,
    MOST_REMEMBERED,
    Oracles,
)
from autograder.host.answers import ProbeFailed, Question, Refusal
from autograder.model import ForeignValue

ORACLES = Oracles(checks_module(slope, total, ends, loose))


class TestMarks:
    def test_oracles_are_found_by_their_mark_in_the_order_of_their_file(self):
        def helper(x: Tensor) -> Tensor:
            return x

        assert Oracles(checks_module(total, helper, slope)).functions == ("total", "slope")

    def test_what_is_said_of_a_function(self):
        assert (ORACLES.labels("ends").names, ORACLES.labels("slope").names) == (("low", "high"), ())
        assert (ORACLES.is_single("loose"), ORACLES.repeatable("loose")) == (True, False)
        assert (ORACLES.is_single("slope"), ORACLES.repeatable("slope")) == (False, True)
        assert not ORACLES.is_read("slope")

    def test_parameters_are_those_of_the_graded_function(self):
        @oracle(source="the weights themselves")
        def watched(_functions: Any, x: Tensor, *, start: Tensor) -> ExpectedValue:
            """What it started from counts."""
            return terms(x + start)

        oracles = Oracles(checks_module(watched))
        assert ORACLES.parameters("total") == ("x", "scale")
        assert oracles.parameters("watched") == ("x",)
        assert (oracles.source("watched"), ORACLES.source("slope")) == ("the weights themselves", "")
        assert oracles.expect("watched", (X,), {"start": X}).value.tolist() == (2 * X).tolist()

    def test_an_oracle_made_of_others_uses_their_values(self):
        assert ORACLES.expect("total", (X, 0.5)).value == pytest.approx(float(X.sum()))

    def test_a_reader_turns_an_answer_into_values(self):
        @reader("slope")
        def read(_probe: Any, answer: Any, x: Tensor) -> tuple[Any, dict[str, Any]]:
            return answer * len(x), {"more": 1}

        oracles = Oracles(checks_module(slope, read))
        assert oracles.is_read("slope")
        assert oracles.read("slope", print, 2, (X,)) == (6, {"more": 1})
        assert ORACLES.read("slope", print, 2, (X,)) == (2, {})


class TestGradients:
    def test_they_are_autograds_with_each_samples_share(self):
        upstream = torch.tensor([1.0, -2.0, 4.0], dtype=torch.float64)
        parameters = {"a": torch.tensor(0.5, dtype=torch.float64), "b": torch.tensor(7.0, dtype=torch.float64)}
        made = gradients(lambda p: p["a"] * X + p["b"], parameters, upstream)
        assert float(made["a"].value) == pytest.approx(float((upstream * X).sum()))
        assert float(made["a"].scale) == pytest.approx(float((upstream * X).abs().sum()))
        assert (float(made["b"].value), float(made["b"].scale)) == (3.0, 7.0)
        assert not parameters["a"].requires_grad


def answer(function: str, *arguments: Any, oracles: Oracles = ORACLES, **keywords: Any) -> Any:
    return oracles.answer(Question(function, list(arguments), keywords, print))


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

    @pytest.mark.parametrize(("given", "due"), [({"less": 1.0, "more": 3.0}, 2.0), ({"more": 3.0, "less": 1.0}, -2.0)])
    def test_crossed_names_give_way_to_places(self, given, due):
        @oracle()
        def gap(_functions: Any, less: float, more: float) -> ExpectedValue:
            return terms(torch.tensor(more), torch.tensor(-less))

        oracles = Oracles(checks_module(gap))
        question = Question("gap", [], given, print, b"gap")
        assert float(oracles.answer(question)) == 2.0
        assert float(oracles.answer_in_turn(question)) == due

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

    def test_few_numbers_that_would_make_many_are_refused(self):
        column, row = torch.ones(256, 1), torch.ones(1, MAX_BROADCAST_NUMBERS // 256)
        assert isinstance(answer("total", column, row), Tensor)
        with pytest.raises(Refusal):
            answer("total", column, torch.ones(1, MAX_BROADCAST_NUMBERS // 256 + 1))

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

    def test_a_reference_helper_answers_in_place_of_the_oracle(self):
        @reference_helper("slope")
        def instead(_probe: Any, x: Tensor) -> str:
            return f"{len(x)} numbers"

        assert answer("slope", X, oracles=Oracles(checks_module(slope, instead))) == "3 numbers"

    def test_what_a_reference_helper_or_its_probe_raises_is_a_refusal(self):
        @reference_helper("slope")
        def instead(probe: Any, x: Tensor) -> str:
            raise ProbeFailed(str(probe))

        with pytest.raises(Refusal):
            answer("slope", X, oracles=Oracles(checks_module(slope, instead)))

    def test_a_warning_on_the_way_reaches_no_terminal(self):
        @oracle()
        def loud(_functions: Any, x: Tensor) -> ExpectedValue:
            warnings.warn("loud", stacklevel=1)
            return terms(x)

        assert answer("loud", X, oracles=Oracles(checks_module(loud))).tolist() == X.tolist()


class TestRemembering:
    def asked(self, *identities: bytes | None) -> int:
        """How often the oracle computes, asked so."""
        computed: list[str] = []

        @oracle()
        def slope(_functions: Any, x: Tensor) -> ExpectedValue:
            computed.append("slope")
            return terms(2 * x)

        oracles = Oracles(checks_module(slope))
        for identity in identities:
            assert oracles.answer(Question("slope", [X], {}, print, identity)).tolist() == (2 * X).tolist()
        return len(computed)

    def test_a_question_of_the_same_identity_is_answered_once(self):
        assert self.asked(b"one", b"one", b"other", b"one") == 2

    def test_one_about_objects_or_with_much_in_it_is_answered_each_time(self):
        assert self.asked(None, None) == 2
        assert self.asked(*[b"x" * (LONGEST_REMEMBERED + 1)] * 2) == 2

    def test_memory_is_bounded(self):
        many = [str(number).encode() for number in range(MOST_REMEMBERED)]
        assert self.asked(*many, many[0]) == MOST_REMEMBERED
        assert self.asked(*many, b"one more", many[0]) == MOST_REMEMBERED + 2

    def test_what_is_refused_once_is_refused_again(self):
        for _ in range(2):
            with pytest.raises(Refusal):
                ORACLES.answer(Question("slope", [], {}, print, b"none"))

    def test_a_reference_helper_makes_a_new_object_each_time(self):
        @reference_helper("slope")
        def made(probe: Any, x: Tensor) -> RemoteConstructor:
            return RemoteConstructor("model", ())

        oracles = Oracles(checks_module(slope, made))
        one, other = (oracles.answer(Question("slope", [X], {}, print, b"same")) for _ in range(2))
        assert one.number != other.number
