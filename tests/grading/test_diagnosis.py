"""A mistake is named where it explains all that a function did, and nothing else does."""

from typing import Any

import pytest
import torch
from slopes import checks_module, ends, slope, total
from torch import Tensor

from autograder.grading.diagnosis import Diagnoser
from autograder.grading.mistakes import Bank, Mistake, altered, scaled, turned
from autograder.grading.oracles import Oracles
from autograder.grading.outcomes import Observation
from autograder.host.answers import Case, Raised

ORACLES = Oracles(checks_module(slope, ends, total))
XS = [torch.tensor(values, dtype=torch.float64) for values in ([0.3, -1.7, 2.1], [1.2, 0.4, -0.9, 2.6])]


def mistake(function: str, identity: str, variant: Any, **given: Any) -> Mistake:
    return Mistake(function, identity, "{parts}: wrong", "Why?", variant, **given)


def of_shape(_functions: Any, x: Tensor) -> Tensor:
    return torch.ones(3, dtype=torch.float64) @ x  # fits three numbers only


SIGN = mistake("slope", "sign-flipped", scaled("slope", -1))
HALF = mistake("slope", "half-dropped", scaled("slope", 2))
MEAN = mistake("slope", "mean-not-sum", scaled("slope", lambda x: 1 / len(x)))
TURNED = mistake("ends", "swapped", altered("ends", lambda right, _: turned(right)), is_whole=True)
LOW = mistake("ends", "sign-flipped", scaled("ends", -1))


def diagnosed(function: str, *answers: Any, bank: tuple[Mistake, ...], kind: str = "value") -> str | None:
    arguments = [(x, 2.0) if function == "total" else (x,) for x in XS]
    cases = [Case(each) for each in arguments[: len(answers)]]
    observations = [Observation(case, answer) for case, answer in zip(cases, answers, strict=True)]
    known = {name: tuple(each for each in bank if each.function == name) for name in ("slope", "ends", "total")}
    found = Diagnoser(ORACLES, Bank(known, {})).diagnose(function, observations, kind)
    return found and f"{found.id} | {found.text} | {found.question}"


def slopes(factor: Any) -> list[Tensor]:
    return [2 * x * (factor(x) if callable(factor) else factor) for x in XS]


BANK = (SIGN, HALF, MEAN, TURNED, LOW)


def test_what_explains_all_answers_is_named_with_its_question() -> None:
    assert diagnosed("slope", *slopes(-1), bank=BANK) == "sign-flipped | the answer: wrong | Why?"
    assert diagnosed("slope", *slopes(lambda x: 1 / len(x)), bank=BANK).startswith("mean-not-sum")
    assert diagnosed("slope", *[(-2 * x).tolist() for x in XS], bank=BANK).startswith("sign-flipped"), "in any form"
    assert diagnosed("slope", *[(-2 * x).float() for x in XS], bank=BANK).startswith("sign-flipped"), "or precision"


@pytest.mark.parametrize("answers", [slopes(3.7), slopes(lambda x: 1 / 3), [slopes(-1)[0], slopes(2)[1]]])
def test_what_explains_only_some_of_them_is_not(answers: list[Tensor]) -> None:
    assert diagnosed("slope", *answers, bank=BANK) is None


def test_a_case_that_went_well_speaks_against_what_would_show_in_it() -> None:
    assert diagnosed("slope", slopes(-1)[0], None, bank=BANK) is None
    only_short = mistake("slope", "short", lambda _, x: -2 * x if len(x) == 3 else 2 * x)
    assert diagnosed("slope", slopes(-1)[0], None, bank=(only_short,)).startswith("short")


def test_where_two_hold_the_one_that_says_more_is_named_or_none() -> None:
    same = mistake("slope", "two-over-n", scaled("slope", lambda x: 1 / len(x)))
    answers = slopes(lambda x: 1 / len(x))
    assert diagnosed("slope", *answers, bank=(MEAN, same)).startswith("two-over-n")
    other = mistake("slope", "another", scaled("slope", lambda x: 1 / len(x)))
    assert diagnosed("slope", *answers, bank=(MEAN, other)) is None


def test_some_parts_may_be_right_unless_the_mistake_is_of_the_whole() -> None:
    low = [(-x.min(), x.max()) for x in XS]
    assert diagnosed("ends", *low, bank=BANK) == "sign-flipped | `low`: wrong | Why?"
    assert diagnosed("ends", *[(x.max(), x.min()) for x in XS], bank=BANK).startswith("swapped")
    assert diagnosed("ends", *[(x.max(), x.max()) for x in XS], bank=(TURNED,)) is None
    first_low, then_high = (-XS[0].min(), XS[0].max()), (XS[1].min(), -XS[1].max())
    assert diagnosed("ends", first_low, then_high, bank=BANK) is None, "not the same part in each case"


def test_exceptions_are_evidence_where_an_answer_stands_beside_them() -> None:
    fits = mistake("slope", "missing-transpose", of_shape)
    value = XS[0].sum()
    text = "inconsistent tensor size, expected tensor [3] and src [4] to have the same number of elements"
    raised = Raised("RuntimeError", text)
    assert diagnosed("slope", value, raised, bank=(fits,), kind="shape").startswith("missing-transpose")
    assert diagnosed("slope", value, Raised("KeyError", "x"), bank=(fits,), kind="raised") is None
    assert diagnosed("slope", raised, raised, bank=(fits,), kind="raised") is None, "it raises in one of them only"


def test_a_helpers_mistake_is_known_in_its_caller() -> None:
    found = diagnosed("total", *[-4 * x.sum() for x in XS], bank=BANK)
    assert found is not None
    assert found.startswith("sign-flipped")


def test_the_same_answer_to_all_is_said_before_anything_else() -> None:
    assert diagnosed("total", torch.tensor(7.0), torch.tensor(7.0), bank=BANK).startswith("constant-output")
    assert diagnosed("total", torch.tensor(0.0), torch.tensor(0.0), bank=BANK).startswith(
        "constant-output | the answer is 0"
    )


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("shape", "wrong-shape"),
        ("type", "wrong-type"),
        ("finite", "not-finite"),
        ("changed", "inputs-changed"),
        ("repeat", "not-repeatable"),
        ("value", None),
        ("breach", None),
        ("lost", None),
    ],
)
def test_a_form_is_named_where_nothing_else_is(kind: str, named: str | None) -> None:
    found = diagnosed("slope", *slopes(3.7), bank=BANK, kind=kind)
    assert (found and found.split(" | ")[0]) == named


def test_what_a_reader_observed_is_known_to_the_variant() -> None:
    """As of exercise 3's fit, whose start is the student's own."""
    from autograder.grading.comparing import terms
    from autograder.grading.oracles import oracle

    @oracle()
    def slope(_functions: Any, x: Tensor, *, start: Tensor) -> Any:
        return terms(x, start)

    stays = Mistake("slope", "not-updated", "stays", "Why?", lambda _, x, *, start: start.expand(x.shape))
    diagnoser = Diagnoser(Oracles(checks_module(slope)), Bank({"slope": (stays,)}, {}))
    starts = [torch.tensor(value, dtype=torch.float64) for value in (0.7, -1.1)]
    case = Case((XS[0],))
    observations = [Observation(case, start.expand(3), (("start", start),)) for start in starts]
    assert diagnoser.diagnose("slope", observations, "value").id == "not-updated"
