"""The mistakes that first-year students make, one at a time, in a file that is right but for it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from corpus import complete, plain
from places import CORPUS

TITLE = re.compile(r"^## (\w+): (.*)\n", re.MULTILINE)


def mistakes() -> Iterator[tuple[str, str, str, str]]:
    """Yield each mistake's number, what it is, its exercise, and the file that is handed in."""
    for path in sorted((CORPUS / "first_year").glob("*.txt")):
        parts = TITLE.split(path.read_text(encoding="utf-8"))[1:]
        for number, title, code in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            yield number, title, path.stem, handed_in(code.strip("\n"), path)


def handed_in(code: str, path: Path) -> str:
    """Return the right file with a piece in the place of its own; what is no Python stands in its place too."""
    base = plain(path.stem)
    try:
        ast.parse(code)
    except SyntaxError:
        (name,) = re.findall(r"^def (\w+)", code, re.MULTILINE)
        return re.sub(rf"^def {name}\b.*\n(?:(?:[ \t].*)?\n)*", lambda _: code + "\n\n\n", base, flags=re.MULTILINE)
    return complete(code, base, [])
