"""Which known mistake explains all that a function has answered? A name is given only where nothing else does."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from torch import Tensor

from autograder.grading.comparing import FormMismatch, as_tensor, in_double
from autograder.grading.labels import quoted
from autograder.grading.mistakes import Bank, Mistake
from autograder.grading.oracles import Oracles
from autograder.grading.outcomes import SIGN, Numbers, Observation, Outcome, Path, Read, read_as
from autograder.grading.precedence import FORMS, GIVES_WAY
from autograder.grading.repeating import repeated_mistakes
from autograder.host.answers import Raised
from autograder.model import Diagnosis, message

CLOSE, CLOSE_SINGLE = 1e-7, 2e-4  # how near an answer is to a variant's, relative to its size
LEAST = 1e-300
Part = TypeVar("Part")

# What torch, NumPy and a loop raise where shapes do not fit.
MISFITS = {"RuntimeError", "ValueError", "IndexError"}


SHUFFLED = "the samples come in another order at each call"


@dataclass(frozen=True)
class _Known:
    """An observation, what would have been right there, and the answer read in the form of that."""

    observation: Observation
    right: Outcome
    read: Read | None
    shapes: list[tuple[int, ...]]

    @classmethod
    def of(cls, observation: Observation, right: Outcome) -> _Known:
        answer = observation.answer
        read: Read | None = {**right.arrays} if answer is None else None
        if answer is not None and not isinstance(answer, Raised):
            read = read_as(right, answer)
        return cls(observation, right, read, _shapes(right))

    def read_for(self, variant: Outcome) -> Read | None:
        """Return the answer read in the form that a variant's has, None where it has another."""
        if variant.form == self.right.form and (self.observation.answer is None or _shapes(variant) == self.shapes):
            return self.read
        answer = self.observation.answer
        return None if answer is None or self._has_more(variant, answer) else read_as(variant, answer)

    def _has_more(self, variant: Outcome, answer: Any) -> bool:
        """Whether an answer has a key that is due, and that a variant lacks."""
        forms = self.right.form, variant.form, answer
        return all(type(each) is dict for each in forms) and any(
            key in answer for key in forms[0] if key not in forms[1]
        )


@dataclass(frozen=True)
class _Explanation:
    """A mistake that explains some answers, and the names of the parts that are wrong by it: all that it would be."""

    mistake: Mistake
    parts: list[str]
    is_full: bool


def _shapes(outcome: Outcome) -> list[tuple[int, ...]]:
    return [numbers.shape for numbers in outcome.arrays.values()]


class Diagnoser:
    """Explains failures of an exercise's functions by its bank; what variants give in a case is computed once."""

    def __init__(self, oracles: Oracles, bank: Bank) -> None:
        self._oracles, self._bank = oracles, bank
        self._repeated = dict(bank.repeated)

    def diagnose(self, function: str, observations: Sequence[Observation], kind: str) -> Diagnosis | None:
        """Return the mistake that explains all observations, None where there is none, or more than one.

        `kind` is the way in which the function failed first. Some observations may be of cases that went well.
        """
        if kind in ("breach", "lost", "unusable", "overwritten"):
            return None
        found: list[_Explanation] = []
        if kind != "changed" and kind != "repeat":
            try:
                if self._is_constant(function, observations):
                    return _constant(observations[0].answer)
                found = list(self._explaining(self._bank.of(function), function, observations))
                found = found or list(self._explaining(self.repeated(function), function, observations))
            except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RuntimeError):
                if not any(each.observed for each in observations):
                    raise
                return None  # what was observed of an answer is the worker's word
        return _unique(found) if found else self._by_form(function, observations, kind)

    def _by_form(self, function: str, observations: Sequence[Observation], kind: str) -> Diagnosis | None:
        """Return what can be said of answers that no mistake explains: how they came, or their form."""
        traits = {each.trait for each in observations}
        if kind == "value" and "repeat" in traits and self._is_shuffled(function, observations):
            return Diagnosis("shuffled", message(SHUFFLED), "Which samples does the first step see?")
        if kind == "value" and traits - {""}:
            kind = "changed" if "changed" in traits else "repeat"
        if kind in FORMS:
            identity, text = FORMS[kind]
            return Diagnosis(identity, message("{text}", text=text))
        return None

    def _is_shuffled(self, function: str, observations: Sequence[Observation]) -> bool:
        """Whether what changes from call to call does so with several batches only, of which it takes the size last."""
        is_right = {True: set[bool](), False: set[bool]()}  # with a single batch, with several
        for each in observations:
            arrays = [item for item in each.case.arguments if isinstance(item, Tensor) and item.dim()]
            size = each.case.arguments[-1]
            if type(size) is not int or not arrays or isinstance(each.answer, Raised):
                return False
            known = _Known.of(each, self._right(function, each))
            right = _explained(known.right, known, True, self._oracles.is_single(function)) is not None
            is_right[size >= len(arrays[0])].add(right)
        return is_right == {True: {True}, False: {False}}

    def _explaining(
        self, mistakes: Iterable[Mistake], function: str, observations: Sequence[Observation]
    ) -> Iterator[_Explanation]:
        labels = self._oracles.labels(function)
        known = [_Known.of(each, self._right(function, each)) for each in observations]
        for mistake in mistakes:
            wrong, right = self._explained(mistake, known)
            if wrong:
                parts = [labels(place) for place in sorted(wrong, key=str) if place]
                yield _Explanation(mistake, parts, is_full=not right)

    def _explained(self, mistake: Mistake, known: Sequence[_Known]) -> tuple[set[Path], set[Path]]:
        """Return the parts of the answers that a mistake explains, and those that are right in spite of it.

        None of either where there is an answer that it does not explain.

        An exception of the right kind alone explains nothing: there must be an answer, or the very words.
        """
        wrong, right, crashes, is_sure = set[Path](), set[Path](), set[Path](), False
        for each in known:
            variant = self._outcome(each.observation, mistake)
            answer = each.observation.answer
            if isinstance(answer, Raised):
                if not _may_raise(variant, answer):
                    return set(), set()
                crashes.add(())
                is_sure = is_sure or variant.raised_text == answer.text
                continue
            is_single = self._oracles.is_single(mistake.function)
            if variant.raised == SIGN and _explained(each.right, each, True, is_single) is not None:
                continue  # nothing is wrong here: a sign need not show in every case
            if variant.raised:
                return set(), set()
            explained = _explained(variant, each, mistake.is_whole, is_single)
            if explained is None:
                return set(), set()
            wrong |= explained[0]
            right |= explained[1]
        return (wrong | crashes, right) if (is_sure or wrong) and not wrong & right else (set(), set())

    def compared(self, function: str, observation: Observation) -> tuple[Outcome, dict[Path, Numbers] | None]:
        """Return what is right in a case, and what came back there; None where that has another form, or raised."""
        right = self._right(function, observation)
        if observation.answer is None:
            return right, right.arrays
        read = None if isinstance(observation.answer, Raised) else read_as(right, observation.answer)
        return right, None if read is None else {place: got for place, got in read.items() if got is not None}

    def _right(self, function: str, observation: Observation) -> Outcome:
        """Return what is right in a case; where an exception came, that need not be known."""
        if isinstance(observation.answer, Raised):
            return Outcome({}, {}, None)
        case, observed = observation.case, dict(observation.observed)
        if None not in case.outcomes or (observed and case.outcomes.get(Observation) is not observation):
            arguments = tuple(in_double(argument) for argument in case.arguments)
            has_value = case.expected is not None and not observed
            expected = case.expected if has_value else self._oracles.expect(function, arguments, observed)
            case.outcomes[None], case.outcomes[Observation] = Outcome.of(expected), observation
        right: Outcome = case.outcomes[None]
        return right

    def _outcome(self, observation: Observation, mistake: Mistake) -> Outcome:
        """Return what a variant gives in a case, computed once where it does not hang on the answer."""
        case = observation.case
        if observation.observed or mistake not in case.outcomes:
            arguments = tuple(in_double(argument) for argument in case.arguments)
            case.outcomes[mistake] = self.outcome(mistake, arguments, dict(observation.observed))
        outcome: Outcome = case.outcomes[mistake]
        return outcome

    def outcome(self, mistake: Mistake, arguments: tuple[Any, ...], observed: dict[str, Any]) -> Outcome:
        """Return what a variant gives."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a variant may broadcast what torch warns of
            try:
                return Outcome.of(mistake.variant(self._oracles.values, *arguments, **observed))
            except FormMismatch as mismatch:
                return Outcome({}, {}, None, SIGN, mismatch.sign)
            except Exception as error:  # noqa: BLE001 - what a variant raises is what it gives
                return Outcome({}, {}, None, type(error).__name__, str(error))

    def _is_constant(self, function: str, observations: Sequence[Observation]) -> bool:
        """Whether different questions got the very same answer."""
        if len(observations) < 2 or any(isinstance(each.answer, Raised) for each in observations):
            return False
        given, due = [], []
        for each in observations:
            right = self._right(function, each)
            read = right.arrays if each.answer is None else read_as(right, each.answer)
            if read is None:
                return False
            given.append(_shortened(read))
            due.append(_shortened(right.arrays))
        return all(each == given[0] for each in given) and any(each != due[0] for each in due)

    def repeated(self, function: str) -> tuple[Mistake, ...]:
        """Return the mistakes of the functions that one is made of, as they show in it where it repeats them."""
        if function not in self._repeated:
            self._repeated[function] = repeated_mistakes(self._oracles, self._bank, function)
        return self._repeated[function]


def _may_raise(variant: Outcome, answer: Raised) -> bool:
    """Whether two exceptions may come of the same mistake: shapes that do not fit are told in several ways."""
    if SIGN in (variant.raised, answer.type_name):
        return (variant.raised, variant.raised_text) == (answer.type_name, answer.text)
    return variant.raised == answer.type_name or {variant.raised, answer.type_name} <= MISFITS


def _shortened(arrays: Read | dict[Path, Numbers]) -> list[list[float]]:
    """Return the numbers of each array, of alike ones in it, or of alike arrays, only one."""
    parts = [_short(numbers.items) for numbers in arrays.values() if numbers is not None]
    return _short(parts)


def _short(items: list[Part]) -> list[Part]:
    """Return the item that all are, else the items."""
    return items[:1] if all(item == items[0] for item in items) else items


def _constant(answer: Any) -> Diagnosis:
    text = "the answer is the same whatever it is called with"
    question = "Which of its arguments does your function use?"
    tensor = as_tensor(answer, ())
    if tensor is not None and not bool(tensor.any()):
        text, question = "the answer is 0 whatever it is called with", "Which factor in it is 0, and why?"
    return Diagnosis("constant-output", message("{text}", text=text), question)


def _unique(found: Sequence[_Explanation]) -> Diagnosis | None:
    """Return the one mistake that says most; those that leave nothing right are before those of which a part is."""
    found = [each for each in found if each.is_full] or found
    ids = {each.mistake.id for each in found}
    left = [each for each in found if not GIVES_WAY.get(each.mistake.id, set()) & ids]
    if len({each.mistake.id for each in left}) != 1:
        return None
    mistake, parts = left[0].mistake, left[0].parts
    question = mistake.asks.get(parts[0], mistake.question) if len(parts) == 1 else mistake.question
    return Diagnosis(mistake.id, message(mistake.text, parts=mistake.parts or _listed(parts)), question)


def _explained(variant: Outcome, known: _Known, is_whole: bool, is_single: bool) -> tuple[set[Path], set[Path]] | None:
    """Return the places of an answer that are as the variant has them, and those that are right though it differs.

    None where the answer is neither.
    """
    right = known.right
    is_like = variant.form == right.form
    read = known.read_for(variant)
    if read is None:
        return None
    wrong, well = set[Path]() if is_like else {()}, set[Path]()
    tolerance = CLOSE_SINGLE if is_single else CLOSE
    for place, due in variant.arrays.items():
        got = read.get(place)
        if got is None:
            return None
        correct = right.arrays.get(place)
        scale = right.scales.get(place) if correct is not None and correct.shape == due.shape else None
        same = correct is not None and _near(due, correct, scale, tolerance)
        if same and _near(got, due, scale, tolerance):
            continue
        if not same and _near(got, due, scale, tolerance):
            wrong.add(place)
        elif is_like and correct is not None and _near(got, correct, scale, tolerance) and not is_whole:
            well.add(place)
        else:
            return None
    if not wrong and well:
        return None  # all is right here, where the mistake would show
    return wrong, well


def _near(one: Numbers, other: Numbers, scale: list[float] | None, tolerance: float) -> bool:
    if one.shape != other.shape and not (len(one.items) == len(other.items) == 1):
        return False
    tolerance = CLOSE_SINGLE if one.is_single or other.is_single else tolerance
    sizes = scale or [0.0] * len(one.items)
    for first, second, size in zip(one.items, other.items, sizes, strict=True):
        if first != first and second != second:
            continue  # both are no number
        if first == second:
            continue
        if not abs(first - second) <= tolerance * max(size, abs(second), LEAST):
            return False
    return True


def _listed(parts: list[str]) -> str:
    shown = [quoted(part) for part in parts] or ["the answer"]
    if len(shown) > 4:
        return f"{', '.join(shown[:3])} and others"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
