"""Which known mistake explains all that a function has answered? A name is given only where nothing else does."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from autograder.grading.comparing import Expected, ExpectedValue, FormMismatch, as_tensor, in_double
from autograder.grading.labels import quoted
from autograder.grading.mistakes import Bank, Mistake
from autograder.grading.oracles import Oracles
from autograder.grading.precedence import FORMS, GIVES_WAY
from autograder.grading.repeating import repeated_mistakes
from autograder.host.answers import Case, Raised
from autograder.model import Diagnosis, ForeignValue, message

CLOSE, CLOSE_SINGLE = 1e-7, 2e-4  # how near an answer is to a variant's, relative to its size
LEAST = 1e-300

# What torch, NumPy and a loop raise where shapes do not fit.
MISFITS = {"RuntimeError", "ValueError", "IndexError"}

SIGN = "FormMismatch"  # what stands for an exception where a reader knows an answer by a sign, which is then its text
EMPTY = "empty"  # the form of a None

Path = tuple[Any, ...]


@dataclass(frozen=True)
class Observation:
    """What a function did in a case: `answer` is what came back, an exception, or None: what is expected.

    `observed` is what a reader found out about the answer that the oracle needs to know.
    """

    case: Case
    answer: Any
    observed: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Numbers:
    """An array for many quick comparisons."""

    shape: tuple[int, ...]
    items: list[float]
    is_single: bool

    @classmethod
    def of(cls, tensor: Tensor) -> Numbers:
        """Take down a tensor."""
        items = tensor.detach().double().flatten().tolist()
        is_single = str(tensor.dtype) != "torch.float64"
        return cls(tuple(tensor.shape), items, is_single)


@dataclass(frozen=True)
class Outcome:
    """What a variant, or the right function, gives in a case: its arrays by their place, or what it raises."""

    arrays: dict[Path, Numbers]
    scales: dict[Path, list[float]]
    form: Any
    raised: str = ""
    raised_text: str = ""

    @classmethod
    def of(cls, values: Expected) -> Outcome:
        """Take down plain or expected values; TypeError where something is no number."""
        arrays: dict[Path, Numbers] = {}
        scales: dict[Path, list[float]] = {}

        def walk(value: Any, place: Path) -> Any:
            if isinstance(value, ExpectedValue):
                scales[place] = value.scale.detach().double().expand(value.value.shape).flatten().tolist()
                value = value.value
            if isinstance(value, dict):
                return {key: walk(item, (*place, key)) for key, item in value.items()}
            if value is None:
                return EMPTY
            if isinstance(value, list | tuple):
                return [walk(item, (*place, index)) for index, item in enumerate(value)]
            tensor = as_tensor(value, ())
            if tensor is None:
                raise TypeError("no number")
            arrays[place] = Numbers.of(tensor)
            return None

        form = walk(values, ())
        return cls(arrays, scales, form)


Read = dict[Path, Numbers | None]


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
            read = _read(right, answer)
        return cls(observation, right, read, _shapes(right))

    def read_as(self, variant: Outcome) -> Read | None:
        """Return the answer read in the form that a variant's has, None where it has another."""
        if variant.form == self.right.form and (self.observation.answer is None or _shapes(variant) == self.shapes):
            return self.read
        return None if self.observation.answer is None else _read(variant, self.observation.answer)


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
        if kind in ("breach", "lost", "unusable"):
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
        named = _unique(found)
        if named is None and not found and kind in FORMS:
            identity, text = FORMS[kind]
            return Diagnosis(identity, message("{text}", text=text))
        return named

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
        read = None if isinstance(observation.answer, Raised) else _read(right, observation.answer)
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
            read = right.arrays if each.answer is None else _read(right, each.answer)
            if read is None:
                return False
            given.append([_short(numbers.items) for numbers in read.values() if numbers is not None])
            due.append([_short(numbers.items) for numbers in right.arrays.values()])
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


def _short(items: list[float]) -> list[float]:
    """Return the number that all items are, else the items."""
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
    read = known.read_as(variant)
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


def _read(outcome: Outcome, answer: Any) -> Read | None:
    """Return the arrays of an answer by their places in an outcome's form, None where it has another form."""
    found: Read = {}

    def walk(form: Any, value: Any, place: Path) -> bool:
        if form == EMPTY:
            return value is None
        if form is None:
            tensor = as_tensor(value, outcome.arrays[place].shape)
            if tensor is None or tensor.is_complex():
                return False
            found[place] = _numbers(tensor)
            return True
        plain = value.value if isinstance(value, ForeignValue) else value
        if isinstance(form, dict):
            if not isinstance(plain, dict) or not all(key in plain for key in form):
                return False
            return all(walk(item, plain[key], (*place, key)) for key, item in form.items())
        if isinstance(plain, Tensor) and plain.dim() and len(plain) == len(form):
            plain = list(plain)
        if not isinstance(plain, list | tuple) or len(plain) != len(form):
            return False
        return all(walk(item, plain[index], (*place, index)) for index, item in enumerate(form))

    return found if walk(outcome.form, answer, ()) else None


def _numbers(tensor: Tensor) -> Numbers:
    numbers = Numbers.of(tensor)
    if numbers.is_single:
        return numbers
    is_single = bool((tensor.double() == tensor.float().double()).all()) and not all(map(_is_short, numbers.items))
    return Numbers(numbers.shape, numbers.items, is_single)


def _is_short(number: float) -> bool:
    """Whether a number has so few digits that it tells nothing of the precision it was computed in."""
    return number == round(number * 1024) / 1024 if abs(number) < 1e9 else False


def _listed(parts: list[str]) -> str:
    shown = [quoted(part) for part in parts] or ["the answer"]
    if len(shown) > 4:
        return f"{', '.join(shown[:3])} and others"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
