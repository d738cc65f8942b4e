"""What is said of wrong answers that no known mistake explains: a factor, an offset, which cases are right."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from torch import Tensor

from autograder.grading.diagnosis import Diagnoser
from autograder.grading.formatting import fraction
from autograder.grading.labels import Labels, quoted
from autograder.grading.outcomes import Numbers, Observation, Outcome, Path
from autograder.grading.raising import Sentence
from autograder.host.answers import Case
from autograder.model import message

CLOSE = 1e-7
CUTS = {"last": slice(None, -1), "first": slice(1, None)}  # what is left without the last, or the first sample
REACH = "How far does the loop, or the slice, go?"
WRITTEN = "Where in your code does that number stand, instead of being asked for?"
PLAIN = {
    Fraction(2): "exactly twice what is expected", Fraction(1, 2): "exactly half of what is expected",
    Fraction(1, 4): "exactly a quarter of what is expected", Fraction(1, 3): "exactly a third of what is expected",
    Fraction(-1): "right in size, with the opposite sign", Fraction(-2): "exactly −2 times what is expected",
    Fraction(0): "0, whatever the numbers are",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One part of the answer to one case, beside what is right; `samples` is how many the case has, 0 if unknown."""

    case: Case
    samples: int
    got: Numbers
    right: Numbers
    scale: list[float]

    @property
    def is_right(self) -> bool:
        """Whether it is as expected."""
        return self.is_like(self.right.items)

    def is_like(self, numbers: Sequence[float]) -> bool:
        """Whether it is like other numbers of its form."""
        tolerance = 2e-4 if self.got.is_single or self.case.is_single else CLOSE
        return len(numbers) == len(self.got.items) and all(
            abs(got - other) <= tolerance * max(abs(other), scale, 1e-300)
            for got, other, scale in zip(self.got.items, numbers, self.scale, strict=True)
        )


def fact(
    diagnoser: Diagnoser, labels: Labels, function: str, observations: Sequence[Observation], visible: Sequence[Case]
) -> Sentence | None:
    """Return one sentence on wrong answers that holds in all cases; of hidden ones, none that tells their numbers.

    `visible` are the cases whose numbers may be told.
    """
    is_hidden = any(each.case not in visible for each in observations)
    parts, whole = _seen(diagnoser, function, observations)
    wrong = {place: seen for place, seen in parts.items() if not all(each.is_right for each in seen)}
    if whole and wrong:
        failing = {place: [each for each in seen if not each.is_right] for place, seen in wrong.items()}
        all_wrong = all(len(failing[place]) == len(wrong[place]) for place in wrong)
        said = _relation([each for seen in failing.values() for each in seen], is_hidden) if all_wrong else ""
        said = said or _entries(list(failing.values()))
        said = said or _cut(diagnoser, function, failing)
        if said:
            question = REACH if said.endswith("nothing") or said.startswith("right but") else None
            return Sentence(message("{what} {said}", what=_parts(list(wrong), labels), said=said), question)
    return _sizes(diagnoser, function, observations, visible)


def _seen(
    diagnoser: Diagnoser, function: str, observations: Sequence[Observation]
) -> tuple[dict[Path, list[Seen]], bool]:
    """Return what came for each part in all cases, and whether every case could be read."""
    parts: dict[Path, list[Seen]] = {}
    whole = True
    for each in observations:
        right, got = diagnoser.compared(function, each)
        if got is None or any(place not in got or got[place].shape != due.shape for place, due in right.arrays.items()):
            whole = False
            continue
        for place, due in right.arrays.items():
            scale = right.scales.get(place, [0.0] * len(due.items))
            parts.setdefault(place, []).append(Seen(each.case, samples(each.case), got[place], due, scale))
    return parts, whole


def samples(case: Case) -> int:
    """The length of the last argument that has one sample a row."""
    sizes = [len(each) for each in case.arguments if isinstance(each, Tensor) and each.dim()]
    return sizes[-1] if sizes else 0


def _relation(seen: Sequence[Seen], is_hidden: bool) -> str:
    """Say how the numbers are related to those that are expected, if they are in one way."""
    if sum(len(each.got.items) for each in seen) < 2:
        return ""  # any number is a multiple of another
    factors = [_factor(each) for each in seen]
    if all(factor is not None for factor in factors) and factors:
        known = [factor for factor in factors if factor is not None]
        same = all(abs(factor - known[0]) <= 1e-6 * max(1.0, abs(known[0])) for factor in known)
        samples = {each.samples for each in seen}
        pairs = list(zip(known, seen, strict=True))
        for number, text in (
            (1, "divided by the number of samples"),
            (2, "2/n times what is expected, with n samples"),
        ):
            if all(each.samples and abs(factor * each.samples - number) < 1e-6 for factor, each in pairs):
                if len(samples) > 1:
                    return text
                if not is_hidden and same:
                    return f"{_times(known[0])}, with {seen[0].samples} samples"
        if len(samples) > 1 and all(each.samples and abs(factor / each.samples - 1) < 1e-6 for factor, each in pairs):
            return "multiplied by the number of samples"
        if same and (not is_hidden or Fraction(known[0]).limit_denominator(4) in PLAIN):
            return _times(known[0])
    offsets = [got - due for each in seen for got, due in zip(each.got.items, each.right.items, strict=True)]
    if len(offsets) > 1 and abs(offsets[0]) > 1e-9 and max(offsets) - min(offsets) <= CLOSE * (1 + abs(offsets[0])):
        return "off by the same number each time"
    return _offset(seen)


def _factor(seen: Seen) -> float | None:
    """The number by which what is expected was multiplied, None where there is none."""
    largest = max(range(len(seen.right.items)), key=lambda at: abs(seen.right.items[at]), default=None)
    if largest is None or not abs(seen.right.items[largest]) > 1e-9:
        return None
    factor = seen.got.items[largest] / seen.right.items[largest]
    return factor if seen.is_like([factor * due for due in seen.right.items]) and factor == factor else None


def _times(factor: float) -> str:
    if shown := fraction(factor):
        return PLAIN.get(Fraction(shown), f"exactly {shown.replace('-', '−')} times what is expected")
    return f"{factor:.4g} times what is expected, in every case"


def _offset(seen: Sequence[Seen]) -> str:
    """Say that each column, or every entry, is off by one number."""
    shapes = [each.got.shape for each in seen]
    if all(len(shape) == 1 and shape[0] > 1 for shape in shapes) and all(_spread(each, 1) for each in seen):
        return "off by the same number in every sample"
    if all(len(shape) == 2 and shape[0] > 1 for shape in shapes) and all(_spread(e, e.got.shape[1]) for e in seen):
        return "off by one number in each column, the same in every row"
    return ""


def _spread(seen: Seen, columns: int) -> bool:
    """Whether all rows differ by the same numbers from what is expected, and not by none."""
    offsets = [got - due for got, due in zip(seen.got.items, seen.right.items, strict=True)]
    size = max(map(abs, seen.right.items), default=0.0)
    flat = all(abs(each - offsets[at % columns]) <= CLOSE * (size + 1) for at, each in enumerate(offsets))
    return flat and max(map(abs, offsets)) > 1e-9


def _entries(wrong: Sequence[Sequence[Seen]]) -> str:
    """Say that only the first or the last entry, or row, is wrong."""
    seen = list(itertools.chain.from_iterable(wrong))
    if not all(each.got.shape and each.got.shape[0] > 1 for each in seen):
        return ""
    rows = [_wrong_rows(each) for each in seen]
    thing = "sample" if all(each.samples == each.got.shape[0] for each in seen) else "entry"
    if all(found == [each.got.shape[0] - 1] for found, each in zip(rows, seen, strict=True)):
        return f"right but for the last {thing}"
    if all(found == [0] for found in rows):
        return f"right but for the first {thing}"
    return ""


def _wrong_rows(seen: Seen) -> list[int]:
    width = max(1, len(seen.got.items) // seen.got.shape[0])
    sizes = zip(seen.got.items, seen.right.items, seen.scale, strict=True)
    return sorted(
        {at // width for at, (got, due, size) in enumerate(sizes) if abs(got - due) > CLOSE * (abs(due) + size)}
    )


def _cut(diagnoser: Diagnoser, function: str, wrong: dict[Path, list[Seen]]) -> str:
    """Say that some of the samples count for nothing: what is right without them is what came."""
    seen = [(place, each) for place, found in wrong.items() for each in found]
    for text in CUTS:
        told = 0
        for place, each in seen:
            fits = _without(diagnoser, function, each, place, text)
            if fits is False:
                break  # mostly at once, which saves the time of the rest
            told += fits is True  # a case of one sample has nothing left, and tells nothing
        else:
            if told > 1:
                return f"what it should be without the {text} sample, which counts for nothing"
    return ""


def _without(diagnoser: Diagnoser, function: str, seen: Seen, place: Path, which: str) -> bool | None:
    """Whether a part is what it should be if some samples were left out; None where that cannot be told."""
    right = without(diagnoser, function, seen.case, which) if len(seen.got.items) == 1 else None
    return None if right is None else place in right.arrays and seen.is_like(right.arrays[place].items)


def without(diagnoser: Diagnoser, function: str, case: Case, which: str) -> Outcome | None:
    """Return what is right in a case without its first or last sample, None where that cannot be told.

    It is kept with the case, as what mistakes give there.
    """
    if which not in case.outcomes:
        case.outcomes[which] = _right_without(diagnoser, function, case, CUTS[which])
    found: Outcome | None = case.outcomes[which]
    return found


def _right_without(diagnoser: Diagnoser, function: str, case: Case, cut: slice) -> Outcome | None:
    n = samples(case)
    if n < 2:
        return None
    arguments = tuple(
        each[cut] if isinstance(each, Tensor) and each.dim() and len(each) == n else each for each in case.arguments
    )
    try:
        return diagnoser.compared(function, Observation(Case(arguments), None))[0]
    except Exception:  # noqa: BLE001 - what such a case would do to an oracle is nobody's mistake
        return None


def _sizes(
    diagnoser: Diagnoser, function: str, observations: Sequence[Observation], visible: Sequence[Case]
) -> Sentence | None:
    """Say for which numbers of samples, or for which numbers, it is right."""
    right, wrong = list[Case](), list[Case]()
    for each in observations:
        (right if is_right(diagnoser, function, each) else wrong).append(each.case)
    if not right or not wrong:
        return None
    if all(case.is_single for case in wrong) and not any(case.is_single for case in right):
        text = message("it is right for numbers of type float64 and wrong for float32")
        return Sentence(text, "Which type do the numbers have that you make yourself?")
    if batches := _batches(right, wrong):
        return Sentence(message("{said}", said=batches), None)
    good, bad = ({samples(case) for case in cases} for cases in (right, wrong))
    if 0 in good | bad or good & bad:
        return None
    if bad == {1}:
        text = message("it is right for several samples and not for a single one")
        return Sentence(text, "What becomes of your line where there is one sample only?")
    if len(good) == 1:
        known = all(case in visible for case in right)
        n = f"{next(iter(good))} samples" if known else "one number of samples"
        if all(case.is_whole for case in right) and not any(case.is_whole for case in wrong):
            # Perhaps for the numbers' sake, not for their number.
            return Sentence(message("it is right for {n} of whole numbers and not otherwise", n=n), WRITTEN)
        return Sentence(message("it is right for {n} and not for other numbers of them", n=n), WRITTEN)
    return None


def _batches(right: Sequence[Case], wrong: Sequence[Case]) -> str:
    """Say that one batch is fine and several are not, of a function that goes through batches."""
    counts = [{-(-samples(case) // size) for case in cases if (size := batch_size(case))} for cases in (right, wrong)]
    return "it is right with a single batch and not with several" if counts[0] == {1} and 1 not in counts[1] else ""


def batch_size(case: Case) -> int:
    """The last argument where that is a whole number, as it is of functions that go through batches; else 0."""
    last = case.arguments[-1] if case.arguments else None
    return last if type(last) is int else 0


def is_right(diagnoser: Diagnoser, function: str, observation: Observation) -> bool:
    """Whether all that came in a case is as expected."""
    parts, whole = _seen(diagnoser, function, [observation])
    return whole and all(each.is_right for seen in parts.values() for each in seen)


def _parts(places: Sequence[Path], labels: Labels) -> str:
    shown = list(dict.fromkeys(quoted(labels(place)) if place else "the value" for place in places))
    if len(shown) == 1:
        return f"{shown[0]} is"
    shown = shown[:4] + ["others"] * (len(shown) > 4)
    return f"{', '.join(shown[:-1])} and {shown[-1]} are"
