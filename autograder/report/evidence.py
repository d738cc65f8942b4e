"""The evidence of a check that failed as lines of text: the case, yours beside what is expected where both fit."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

from autograder.model import Evidence, Revealed, WrongPart
from autograder.report.words import FailureWords, clean

LABEL = 10  # columns of "expected" and the space after it

Fact = tuple[str, str]  # a label, and what is said under it in one line or several; '' for nothing


def facts(failure: FailureWords, width: int) -> Iterator[Fact]:
    """Yield what a visible check shows of its case, in lines of at most `width` columns."""
    evidence = failure.evidence
    yield "case", _packed([_argument(clean(name), clean(value)) for name, value in evidence.case], width)
    yield from _compared(failure, width)
    yield "Python", clean(evidence.python)
    yield "at", "\n".join(failure.trace)


def revealed_facts(said: Revealed, width: int) -> Iterator[Fact]:
    """Yield what a hidden check has seen: what a visible one shows, and the reference's answer."""
    wrong = tuple(WrongPart(part.name, part.yours, part.expected) for part in said.parts if part.yours)
    yield from facts(FailureWords("", evidence=Evidence(said.case, wrong, said.oracle)), width)
    yield "yours", clean(said.answer)
    yield "expected", _packed([_part(part.name, part.expected) for part in said.parts if not wrong], width)
    yield "reference", _packed([_part(part.name, part.reference) for part in said.parts if part.reference], width)
    yield from facts(FailureWords("", evidence=Evidence(trace=said.trace, python=said.python)), width)


def _part(name: str, value: str) -> str:
    return _argument(clean(name), clean(value)) if name else clean(value)


def _argument(name: str, value: str) -> str:
    is_told = " = " in value or re.match(r"(?:\d+ )?tensors? ", value)
    return _blocks([f"{name}: " if is_told else f"{name} = ", value])


def _compared(failure: FailureWords, width: int) -> Iterator[tuple[str, str]]:
    """Each part that is wrong, yours beside what is expected where both fit into a line."""
    oracle = f"   ({clean(failure.evidence.oracle)})" if failure.evidence.oracle else ""
    for part in failure.evidence.wrong:
        name, yours, expected = " ".join(clean(part.name).split("\n")), clean(part.yours), clean(part.expected)
        if name and "\n" not in yours + expected:
            together = f"yours {yours}, expected {expected}"
            space = width - max(0, cell_len(name) + 2 - LABEL)
            if cell_len(together) <= space:
                fits = cell_len(together + oracle) <= space
                yield f"{name}  ", together + (oracle if fits else f"\n{oracle.strip()}")
                oracle = ""
                continue
        beside = _blocks([f"{name + ': ' if name else ''}yours ", yours, "   expected ", expected])
        if "\n" in yours and all(cell_len(line) <= width for line in beside.split("\n")):
            yield "", beside
        else:
            yield from _one_by_one(name, yours, expected + oracle)
        oracle = ""


def _one_by_one(name: str, yours: str, expected: str) -> Iterator[tuple[str, str]]:
    """What is wrong above what is expected; the name stands before both, or where it is long above them."""
    if not name:
        yield from (("yours", yours), ("expected", expected))
        return
    both = "\n".join([_blocks(["yours     ", yours]), _blocks(["expected  ", expected])])
    yield (name, both) if cell_len(name) < LABEL else ("", f"{name}\n{both}")


def _blocks(parts: list[str]) -> str:
    """Put texts of several lines beside one another."""
    columns = [part.split("\n") for part in parts]
    height = max(map(len, columns))
    padded = []
    for column in columns:
        width = max(map(cell_len, column))
        padded.append([line + " " * (width - cell_len(line)) for line in column + [""] * (height - len(column))])
    return "\n".join("".join(cells).rstrip() for cells in zip(*padded, strict=True))


def _packed(items: list[str], width: int) -> str:
    """Put items side by side as far as they fit; one may have several lines."""
    rows: list[str] = []
    for item in items:
        joined = _blocks([rows[-1], "   ", item]) if rows else ""
        if rows and all(cell_len(line) <= width for line in joined.split("\n")):
            rows[-1] = joined
        else:
            rows.append(item)
    return "\n".join(rows)
