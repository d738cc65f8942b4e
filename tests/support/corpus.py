"""The corpus: what students hand in, right, wrong and hostile, and which functions it loses.

A script under `wrong/` or `attacks/` holds what differs from `right/<exercise>/plain.py`: a definition takes the place
of that file's definition of the same name, imports at the beginning (with what follows them) take that of its imports,
and whatever else stands before a definition comes before it, or last. In the comments at the top, `# without: forward`
leaves a definition out, and `# whole` says that the script is complete as it stands; these lines are not handed in.
"""

import ast
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

from places import CORPUS, KIT

from autograder.authoring.catalog import find_exercise
from autograder.model import Submission
from autograder.submissions.submission import decode

HEADER = re.compile(rb"(?:#.*\n)*")
DIRECTIVES = re.compile(rb"^# (?:whole|without: .*)\n", re.MULTILINE)
IMPORTS = "import"  # names a script's imports as a definition's name does a definition
DEEP, WIDE = 300, 2000  # how deep a notebook's metadata are nested, and how many empty cells it has


def submission_of(path: Path) -> Submission:
    """Return what was handed in as the grader reads it."""
    return decode(text_of(path), path, "")


def text_of(path: Path) -> bytes:
    """Return what was handed in: the bytes of a file of the corpus, completed where it holds what differs."""
    data = path.read_bytes()
    if path.name == "odd_notebook_deep_and_wide.ipynb":
        return deep_and_wide(data)
    if path.suffix != ".py" or path.parts[-3] not in ("wrong", "attacks"):
        return data
    header = HEADER.match(data)[0]
    body, directives = data.removeprefix(header), DIRECTIVES.findall(header)
    if b"# whole\n" not in directives:
        without = [name for line in directives for name in re.findall(r"\w+", line.decode())[1:]]
        body = complete(body.decode(), plain(path.parent.name), without).encode()
    return DIRECTIVES.sub(b"", header) + body


def header_of(path: Path) -> list[str]:
    """Return the lines with which a file begins: which functions it loses, and what it does."""
    text = path.read_bytes()
    if path.suffix == ".ipynb":
        text = "".join(json.loads(text)["cells"][0]["source"]).encode()
    return HEADER.match(text)[0].decode().splitlines()


def losses_of(path: Path) -> set[str]:
    """Return the functions that a file must lose, by its first line."""
    lost = header_of(path)[0].removeprefix("# loses: ")
    if lost == "everything":
        return {name for name, _ in find_exercise(KIT, path.parent.name).functions}
    return set() if lost == "nothing" else set(lost.split(", "))


def plain(exercise: str) -> str:
    """Return the script by which the others of its exercise are completed."""
    return (CORPUS / "right" / exercise / "plain.py").read_text(encoding="utf-8")


def complete(script: str, base: str, without: list[str]) -> str:
    """Return the base with the script's definitions in the place of its own, and without some."""
    parts = dict(chunks(base))
    replacing: dict[str, list[str]] = {}
    pending: list[str] = []
    for name, text in chunks(script):
        if name in parts and name not in replacing:
            replacing[name], pending = [*pending, text], []
        elif [*replacing] == [IMPORTS]:
            replacing[IMPORTS].append(text)
        else:
            pending.append(text)
    kept = [text for name in parts if name not in without for text in replacing.get(name, [parts[name]])]
    return "\n\n\n".join([*kept, *pending]) + "\n"


def chunks(script: str) -> Iterator[tuple[str, str]]:
    """Yield each definition, and all that stands between two of them, with its name and the comments above it."""
    lines, start = script.split("\n"), 0
    for name, group in itertools.groupby(ast.parse(script).body, lambda node: getattr(node, "name", "")):
        first, *more = group
        is_import = isinstance(first, ast.Import | ast.ImportFrom)
        end = [first, *more][-1].end_lineno
        yield name or IMPORTS * is_import, "\n".join(lines[start:end]).strip("\n")
        start = end
    if rest := "\n".join(lines[start:]).strip("\n"):
        yield "", rest


def deep_and_wide(data: bytes) -> bytes:
    """Return a notebook with its metadata nested some hundred deep and thousands of empty cells."""
    notebook = json.loads(data)
    nested: list[object] = []
    for _ in range(DEEP):
        nested = [nested]
    cells = [*notebook["cells"], *[{**notebook["cells"][0], "source": "\n"}] * WIDE]
    return json.dumps({**notebook, "cells": cells, "metadata": {"x": nested}}, indent=1).encode() + b"\n"
