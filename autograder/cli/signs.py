"""What a terminal shows that has not all signs: `ok` for ✔, `dL/da` for ∂L/∂a, and no line longer for it."""

import codecs
import re
import unicodedata

NAME = "readable"
MARKS = {"✔": "ok", "✘": "--", "·": ".."}  # before the name of a function or a property
SIGNS = {
    "✔": "ok", "✘": "--", "·": "*", "×": "x", "÷": "/", "−": "-", "–": "-", "—": "-", "…": "...", "½": "1/2", "∂": "d",
    "Σ": "sum", "∑": "sum", "ŷ": "y^", "≤": "<=", "≥": ">=", "≠": "!=", "→": "->", "←": "<-", "√": "sqrt", "∞": "inf",
    "‖": "||", "│": "|", "“": '"', "”": '"', "‘": "'", "’": "'", "⟨": "<", "⟩": ">", "█": "#", "░": ".", "─": "-",
    "α": "alpha", "δ": "delta", "ε": "eps", "η": "eta", "θ": "theta", "ᵀ": ".T", "²": "^2", "³": "^3",
    "ᵢ": "_i", "ⱼ": "_j", "ₗ": "_l", "ₖ": "_k", "↑": "up", "↓": "down",
}  # fmt: skip
BLANK = re.compile(r"(?:\s|\x1b\[[0-9;]*m)*")  # with the codes of colours
GAP = re.compile(r"  +(?=\S)")


def register() -> str:
    """Make these signs known to Python's encoders; return the name by which a stream asks for them."""
    codecs.register_error(NAME, _replaced)
    return NAME


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """Put what the encoding has into the place of the rest of a line, from the first sign that it lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text, start = error.object, error.start
    line = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    is_first = BLANK.fullmatch(text, line, start) is not None
    shown = ""
    for at in range(start, end):
        shown += _sign(text[at], error.encoding, is_mark=at == start and is_first)
    return _as_wide(shown, end - start), end


def _sign(sign: str, encoding: str, *, is_mark: bool) -> str:
    if _has(encoding, sign):
        return sign
    plain = MARKS.get(sign, "") if is_mark else ""
    plain = plain or SIGNS.get(sign) or unicodedata.normalize("NFKD", sign)
    return plain if _has(encoding, plain) else "".join(each for each in plain if _has(encoding, each)) or "?"


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _as_wide(line: str, width: int) -> str:
    """Take what a line has become longer by from its widest gap, so that its right margin stays where it is."""
    gaps = sorted(GAP.finditer(line), key=lambda gap: len(gap[0]))
    if len(line) <= width or not gaps:
        return line
    gap = gaps[-1]
    spare = min(len(line) - width, len(gap[0]) - 1)
    return line[: gap.start()] + line[gap.start() + spare :]
