"""Finds the numbers that the prose of an exercise says, and whether each is the one that comes out."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from notation import prose

NUMBER = re.compile(r"(?<![\w.])(?:(?<![\w)\]])[-−])?\d+(?:,\d{3}(?!\d))*(?:\.\d+)?(?:e[+-]?\d+)?")
# What is no figure: formulas that SymPy works out, where a picture lies, numbers of exercises and of a list's points,
# and in formulas the indices and powers.
NONE = re.compile(
    r"\$\$.+?\$\$|\$[^$]*\\partial[^$]*\$|\]\([^)]*\)|\*\*|\b[Ee]xercises? \d(?:(?:,| and| to| or) \d)*|^\d\. "
    r"|\\frac\{1\}\{2\}|_\{[^}]*\}|\^\{[^}]*\}|[_^]\d",
    re.DOTALL | re.MULTILINE,
)
ROUNDED = re.compile(r"about|≈|%|almost|nearly")  # a phrase with one of these may round to whole numbers


def words(text: str) -> str:
    """Return the prose of a script in one line, without what is no figure."""
    return " ".join(NONE.sub("", prose(text)).split())


def faults(text: str, said: dict[str, Any]) -> list[str]:
    """Return a sentence for each phrase that is gone or has a wrong number, and for each number without a phrase."""
    line, covered, found = words(text), set[int](), []
    for phrase, value in said.items():
        quoted = " ".join(NONE.sub("", phrase).split())
        places = [match.start() for match in re.finditer(re.escape(quoted), line)]
        covered |= {at for start in places for at in range(start, start + len(quoted))}
        if not places:
            found.append(f"the prose does not say: {phrase}")
        elif wrong := _wrong(quoted, list(_numbers(value))):
            found.append(f"{phrase}: {wrong}")
    loose = [match for match in NUMBER.finditer(line) if match.start() not in covered]
    around = [line[max(0, match.start() - 50) : match.end() + 30] for match in loose]
    return [
        *found,
        *(f"{match[0]} is worked out nowhere: …{where}…" for match, where in zip(loose, around, strict=True)),
    ]


def _wrong(phrase: str, due: list[float]) -> str | None:
    printed = NUMBER.findall(phrase)
    if len(printed) != len(due):
        return f"{len(printed)} numbers, and {len(due)} come out"
    wrong = [f"{one}, not {value:.6g}" for one, value in zip(printed, due, strict=True) if not _is(one, value, phrase)]
    return "; ".join(wrong) or None


def _is(printed: str, value: float, phrase: str) -> bool:
    """Whether a number is the value, to the last digit that is printed; whole numbers are exact."""
    plain = printed.replace("−", "-").replace(",", "")
    mantissa, _, exponent = plain.partition("e")
    decimals = len(mantissa.partition(".")[2])
    is_exact = not decimals and not exponent and not ROUNDED.search(phrase)
    unit = 10.0 ** (int(exponent or 0) - decimals)
    return abs(float(plain) - value) <= (1e-9 if is_exact else 0.5000001 * unit)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, torch.Tensor | np.ndarray):
        yield from torch.as_tensor(value).detach().double().flatten().tolist()
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _numbers(each)
    else:
        yield float(value)
