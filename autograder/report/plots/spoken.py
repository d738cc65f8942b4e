"""Formulas as they are read out: TeX in words, for those who cannot see it set."""

import re

# What stands in braces has none of its own: groups are put into words from the inside out.
GROUP = r"\s*\{([^{}]*)\}"
DERIVATIVE = re.compile(r"\\[td]?frac\s*\{\s*\\partial\b([^{}]*)\}\s*\{\s*\\partial\b([^{}]*)\}")
FRACTION = re.compile(rf"\\[td]?frac{GROUP}{GROUP}")
SUM = re.compile(rf"\\sum\s*_(?:{GROUP}|(\w))(?:\s*\^(?:{GROUP}|(\w)))?")
HAT = re.compile(rf"\\hat(?:{GROUP}|\s*(\w))")
TURNED = re.compile(r"\^\s*(?:\{\s*)?\\top\b\s*\}?")
SQUARED = re.compile(r"\^\s*(?:\{\s*2\s*\}|2)")
POWER = re.compile(rf"\^(?:{GROUP}|(\w))")
INDEX = re.compile(rf"_(?:{GROUP}|\s*(\w))")
PLAIN = re.compile(rf"\\(?:text|mathrm|mathbf|operatorname){GROUP}")
COMMAND = re.compile(r"\\([A-Za-z]+|[,;!: ])")
SIGNS = {
    "=": "equals", "+": "plus", "-": "minus", "−": "minus", "<": "is less than", ">": "is greater than", "/": "over",
    "·": "times", "←": "becomes", "½": "one half",
}  # fmt: skip
NAMES = {
    "leftarrow": "becomes", "to": "to", "cdot": "times", "times": "times", "odot": "times, entry by entry,",
    "partial": "the change of", "le": "is at most", "leq": "is at most", "ge": "is at least", "geq": "is at least",
    "ldots": "and so on,", "dots": "and so on,", "cdots": "and so on,", "mid": "given", "in": "in", "sum": "the sum of",
    "neq": "is not", "ne": "is not", "infty": "infinity", "left": "", "right": "", "quad": "", "qquad": "",
    "displaystyle": "", "lVert": "the length of", "rVert": "", "sqrt": "the root of", "approx": "is about",
}  # fmt: skip
HALVES = {("1", "2"): "one half"}


def spoken(tex: str) -> str:
    """Return a formula in words: "the derivative of L with respect to a equals the sum over i of r sub i x sub i"."""
    text, before = tex, ""
    while text != before:
        before = text
        text = _without_groups(text)
    text = INDEX.sub(r" sub \2 ", text)
    text = COMMAND.sub(lambda found: f" {NAMES.get(found[1], found[1].strip(',;!: '))} ", text)
    for sign, word in SIGNS.items():
        text = text.replace(sign, f" {word} ")
    text = re.sub(r"[{}$&\\^_]", " ", text)
    return re.sub(r"\s+([,.;)])", r"\1", re.sub(r"\(\s+", "(", " ".join(text.split())))


def _without_groups(text: str) -> str:
    """Put into words what has no group within its own."""
    text = TURNED.sub(" transposed ", text)
    text = SQUARED.sub(" squared ", text)
    text = SUM.sub(_sum, text)
    text = HAT.sub(lambda found: f" {found[1] or found[2]} hat ", text)
    text = PLAIN.sub(r" \1 ", text)
    text = re.sub(rf"_{GROUP}", r" sub \1 ", text)
    text = POWER.sub(lambda found: f" to the power {found[1] or found[2]} ", text)
    text = DERIVATIVE.sub(_derivative, text)
    return FRACTION.sub(lambda found: f" {HALVES.get(_parts(found)) or ' over '.join(_parts(found))} ", text)


def _parts(found: re.Match[str]) -> tuple[str, str]:
    return found[1].strip(), found[2].strip()


def _derivative(found: re.Match[str]) -> str:
    of, by = _parts(found)
    return f" the derivative{f' of {of}' if of else ''} with respect to {by} "


def _sum(found: re.Match[str]) -> str:
    low, high = (found[1] or found[2]).strip(), (found[3] or found[4] or "").strip()
    over = low.replace("=", " from ") if high else low
    return f" the sum over {over}{f' to {high}' if high else ''} of "
