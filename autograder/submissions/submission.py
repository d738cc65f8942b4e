"""Reads a student's file, once: bytes to the cells of code that the worker runs."""

import codecs
import difflib
import importlib.util
import json
import re
import stat
import tokenize
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from autograder.errors import UserError
from autograder.files import reason, sha256
from autograder.model import Cell, Problem, Submission, message
from autograder.submissions import grade_cell
from autograder.submissions.definitions import UNREADABLE, read

SUFFIXES = (".py", ".ipynb")
LARGEST = 10 << 20  # bytes of a file
LARGEST_CELL = 1 << 20  # characters of a cell that is searched for magic lines; nobody types more
PARSED = 20 << 20  # characters parsed for magic lines in one notebook, so that none can keep the grader busy

NOT_UTF8 = "line {line} holds a character that is not saved as UTF-8, so Python cannot read the file; save it as UTF-8"
WRONG_COOKIE = (
    'line {line} says that the file is saved as "{encoding}", and Python cannot read it so; '
    "save it as UTF-8 and remove that line"
)

NOTEBOOK_AS_SCRIPT = message("this is a notebook under the name of a script; save it with the ending .ipynb")
NOTEBOOK = re.compile(r'\s*\{\s*"(?:cells|metadata|nbformat)"\s*:')

# Line magics and cell magics as IPython reads them.
KEPT_BODIES = frozenset({"%%time", "%%timeit", "%%capture", "%%prun"})
MAGIC_LINE = re.compile(r"\s*(?:[%!?]|[^\s=][^=#]*=\s*[%!])|[^#]*\?\s*$")

# Codecs that take quadratic time on a hostile file.
SLOW_CODECS = frozenset({"punycode", "idna"})
WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
LINE_END = re.compile(rb"\r\n|\r|\n")
COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)


def read_submission(path: Path, student: str = "") -> Submission:
    """Return the submission in a file; UserError where there is no such file or it is none that can be graded."""
    return decode(_read(path), path, student)


def read_any(path: Path, shown: Path, student: str) -> Submission:
    """Return a class's submission, known to readers as `shown`; what `read_submission` refuses is its `problem`."""
    data = b""
    try:
        data = _read(path)
        return decode(data, shown, student)
    except UserError as error:
        text = str(error).replace(str(path), shown.name).replace(str(shown), shown.name)
        return Submission(student, shown, sha256(data), (), problem=Problem(message("{text}", text=text)))


def decode(data: bytes, path: Path, student: str) -> Submission:
    """Return the submission that a file's bytes hold, by the suffix of its name.

    Bytes that Python could not read as source are a `problem` of the submission; a file that is no script or notebook
    at all is a UserError.
    """
    digest = sha256(data)
    if len(data) > LARGEST:
        raise UserError(f"{path} is larger than {LARGEST >> 20} MB; hand in the code without its data")
    if data.startswith(WIDE_BOMS):
        raise UserError(f"{path} is saved as UTF-16 or UTF-32; save it as UTF-8")
    if path.suffix.lower() == ".ipynb":
        return Submission(student, path, digest, tuple(_notebook_cells(data, path)), is_notebook=True)
    if b"\0" in data:
        raise UserError(f"{path} is not a text file; check that this is the script that you wrote")
    try:
        code = _decode_source(data)
    except (SyntaxError, UnicodeError, LookupError) as error:
        if CONTROL_BYTES.search(data):
            raise UserError(f"{path} is not a text file; check that this is the script that you wrote") from error
        return Submission(student, path, digest, (), problem=_encoding_problem(data))
    problem = Problem(NOTEBOOK_AS_SCRIPT) if NOTEBOOK.match(code) else None
    return Submission(student, path, digest, () if problem else (Cell(path.name, code),), problem=problem)


def _read(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UserError(f"{path} is a folder; name the file in it")
        if path.suffix.lower() not in SUFFIXES:
            raise UserError(f"{path} is neither a script nor a notebook; grade a .py or .ipynb file")
        if not stat.S_ISREG(status.st_mode):
            raise UserError(f"{path} is not an ordinary file; grade a .py or .ipynb file")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(f"there is no file {path}; {_nearby(path)}") from None
    except PermissionError:
        raise UserError(f"{path} may not be read; change its permissions") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read ({reason(error)}); check its name and save it again") from None


def _nearby(path: Path) -> str:
    """Say what to do about a file that is not there."""
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.suffix.lower() in SUFFIXES]
    except OSError:
        return f"there is no folder {path.parent} either: check the path"
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {path.parent / near[0]}?" if near else "check the path"


# Scripts


def _decode_source(data: bytes) -> str:
    """Decode a script as Python's own reader does: byte order mark, coding cookie, any kind of line end."""
    encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    if codecs.lookup(encoding).name in SLOW_CODECS:
        raise LookupError(encoding)
    code = importlib.util.decode_source(data)
    code.encode()  # a codec may make lone surrogates, which are no source text for Python either
    return code


def _encoding_problem(data: bytes) -> Problem:
    """Say which line Python cannot decode, and how to save the file."""
    lines = LINE_END.split(data)
    bad = _first_undecodable(data)
    for number, line in enumerate(lines[:2], 1):
        cookie = COOKIE.match(line)
        if cookie and not (bad and cookie[1].lower().replace(b"_", b"-").startswith(b"utf-8")):
            text = message(WRONG_COOKIE, line=number, encoding=cookie[1].decode())
            return Problem(text, (line.decode(errors="replace"),))
    if bad is None:
        return Problem(message("Python cannot read the characters of this file; save it as UTF-8"))
    number, column = bad
    shown = lines[number - 1].decode(errors="replace")
    return Problem(message(NOT_UTF8, line=number), (shown, " " * column + "^"))


def _first_undecodable(data: bytes) -> tuple[int, int] | None:
    """Return the line and the column of the first character that is not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        above = LINE_END.split(data[: error.start])
        return len(above), len(above[-1].decode())
    return None


# Notebooks


def _notebook_cells(data: bytes, path: Path) -> Iterator[Cell]:
    """Yield the code cells, labelled as a reader counts them: the first code cell is "cell 1"."""
    budget = PARSED
    for number, source in enumerate(_code_sources(data, path), 1):
        code = source.replace("\r\n", "\n").replace("\r", "\n").encode(errors="replace").decode()
        python, budget = _without_magics(_cell_body(grade_cell.without(code)), budget)
        if python.strip():
            yield Cell(f"cell {number}", python)


def _code_sources(data: bytes, path: Path) -> list[str]:
    """Return the text of each code cell; UserError for anything that is not a notebook."""
    try:
        cells = _cells(data.decode("utf-8-sig"))
        parts = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        return ["".join(part if isinstance(part, list) else [part]) for part in parts]
    except Exception as error:  # noqa: BLE001 - a damaged file leads anywhere, in nbformat too
        why = "it is cut off or not JSON" if isinstance(error, ValueError) else "it lacks what a notebook has"
        raise UserError(f"{path} is a broken notebook ({why}); open it in Jupyter and save it again") from None


def _cells(text: str) -> Any:
    """Return the cells of a notebook of any version, in version 4's form."""
    notebook = json.loads(text)
    if notebook["nbformat"] < 4:
        import nbformat  # slow to import, and only the old forms need it

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.convert(nbformat.reader.reads(text), 4)
    return notebook["cells"]


def _cell_body(code: str) -> str:
    """Return a cell without its cell magic, lines kept in place; nothing where the magic runs its body elsewhere."""
    lines = code.split("\n")
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        if not line.startswith("%%"):
            break
        if line.split()[0] not in KEPT_BODIES:
            return ""
        lines[index] = ""
    return "\n".join(lines)


def _without_magics(code: str, budget: int) -> tuple[str, int]:
    """Return a cell with each magic, shell and help line replaced by `pass`, and the budget that is left.

    Only a line at which Python stops is looked at, so one that merely looks like magic (in a string, in brackets)
    stays. Where Python stops at another line, the cell is broken and is left to fail on its own.
    """
    lines = code.split("\n")
    if len(code) > LARGEST_CELL or not any(MAGIC_LINE.match(line) for line in lines):
        return code, budget
    replaced: set[int] = set()
    while budget > 0:
        budget -= len(code)
        stop = _syntax_error_line("\n".join(lines))
        if stop in replaced:
            return code, budget  # no magic after all: the author's own line explains itself better than `pass`
        start = _magic_start(lines, stop)
        if start is None:
            break
        replaced.add(start)
        _replace_by_pass(lines, start)
    return "\n".join(lines), budget


def _syntax_error_line(code: str) -> int | None:
    """Return the index of the line at which Python stops; None where it does not, or cannot say where."""
    try:
        read(code)
    except UNREADABLE as error:
        return error.lineno - 1 if isinstance(error, SyntaxError) and error.lineno else None
    return None


def _magic_start(lines: list[str], stop: int | None) -> int | None:
    """Return the first line of the magic to which line `stop` belongs, itself or by a backslash; None for others."""
    while stop is not None and 0 <= stop < len(lines):
        if MAGIC_LINE.match(lines[stop]):
            return stop
        stop = stop - 1 if stop and lines[stop - 1].endswith("\\") else None
    return None


def _replace_by_pass(lines: list[str], start: int) -> None:
    """Put `pass` in place of a magic, and nothing in place of the lines that a backslash joins to it."""
    end = start
    while lines[end].endswith("\\") and end + 1 < len(lines):
        end += 1
    indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
    lines[start : end + 1] = [indent + "pass", *[""] * (end - start)]
