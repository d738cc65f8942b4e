"""The corpus of submissions: whether the wrong ones lose what they must, and hear the name of what is wrong.

It lies in `tests/corpus/` of an instructor's kit. A script under `wrong/` or `attacks/` holds what differs from
`right/<exercise>/plain.py`: a definition takes the place of that file's definition of the same name, imports at the
beginning (with what follows them) take that of its imports, and whatever else stands before a definition comes before
it, or last. Its first line says which functions it loses. In the comments at the top, `# without: forward` leaves a
definition out, and `# whole` says that the script is complete as it stands; these lines are not handed in.
"""

import ast
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import GraderError
from autograder.exercise import Exercise
from autograder.grading.grader import Grader
from autograder.model import Report, Submission
from autograder.submissions.submission import decode

FOLDER = Path("tests", "corpus")
NAMES = Path("named", "wrong.txt")  # a line `exercise/file function mistake` for each mistake that is to be named
HEADER = re.compile(rb"(?:#.*\n)*")
DIRECTIVES = re.compile(rb"^# (?:whole|without: .*)\n", re.MULTILINE)
IMPORTS = "import"  # names a script's imports as a definition's name does a definition


def wrong_files(kit: Path, exercise: str) -> tuple[Path, ...]:
    """Return the wrong submissions of an exercise; none where the kit has no corpus."""
    return tuple(sorted((kit / FOLDER / "wrong" / exercise).glob("*.*")))


def corpus_faults(exercise: Exercise, files: Sequence[Path], grader: Grader) -> list[str]:
    """Grade wrong submissions; return what they keep that they must lose, or lose that they must keep."""
    names = _names(exercise)
    return [fault for path in files for fault in _faults(path, names, _report(path, grader))]


def _report(path: Path, grader: Grader) -> Report:
    report = grader.grade(submission_of(path))
    return grader.grade(submission_of(path)) if report.is_hurried else report


def _faults(path: Path, names: dict[str, str], report: Report) -> Iterator[str]:
    file = f"{FOLDER.as_posix()}/wrong/{path.parent.name}/{path.name}"
    errored = next((result for result in report.checks if result.outcome == "errored"), None)
    if errored is not None:
        yield f"{file} cannot be judged by {errored.check.name}: {errored.message}; correct the check"
        return
    due = losses_of(path, [function.name for function in report.functions])
    lost = {function.name for function in report.functions if function.score < function.max_score}
    if due - lost:
        yield f"{file} keeps the points of {_listed(due - lost)}; add a case to its checks in which the mistake shows"
    if lost - due:
        yield f"{file} loses the points of {_listed(lost - due)}; let its checks take what is right"
    if due != lost:
        return
    place = f"{path.parent.name}/{path.stem}"
    for function in due:
        said = {each.diagnosis.id for each in report.checks if each.diagnosis and each.check.function == function}
        wanted = {names[f"{place} {function}"]} if f"{place} {function}" in names else set()
        if said != wanted:
            found, right = _listed(said) or "nothing", _listed(wanted) or "nothing"
            yield f"{function} in {file} is called {found}, not {right}; see the bank, or correct {NAMES.as_posix()}"


def _names(exercise: Exercise) -> dict[str, str]:
    """Return what the functions of wrong files are to be called."""
    path = exercise.kit / FOLDER / NAMES
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return dict(line.rsplit(" ", 1) for line in lines)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def submission_of(path: Path) -> Submission:
    """Return what was handed in as the grader reads it."""
    return decode(text_of(path), path, "")


def text_of(path: Path) -> bytes:
    """Return what was handed in: the bytes of a file of the corpus, completed where it holds what differs."""
    data = path.read_bytes()
    if path.suffix != ".py" or path.parts[-3] not in ("wrong", "attacks"):
        return data
    header = _header(data)
    body, directives = data.removeprefix(header), DIRECTIVES.findall(header)
    if b"# whole\n" not in directives:
        without = [name for line in directives for name in re.findall(r"\w+", line.decode())[1:]]
        base = path.parents[2] / "right" / path.parent.name / "plain.py"
        body = complete(body.decode(), base.read_text(encoding="utf-8"), without).encode()
    return DIRECTIVES.sub(b"", header) + body


def header_of(path: Path) -> list[str]:
    """Return the lines with which a file begins: which functions it loses, and what it does."""
    text = path.read_bytes()
    if path.suffix == ".ipynb":
        text = "".join(json.loads(text)["cells"][0]["source"]).encode()
    return _header(text).decode().splitlines()


def _header(data: bytes) -> bytes:
    found = HEADER.match(data)
    return found[0] if found else b""


def losses_of(path: Path, functions: Sequence[str]) -> set[str]:
    """Return which of its exercise's functions a file must lose, by its first line."""
    line = next(iter(header_of(path)), "")
    if not line.startswith("# loses: "):
        raise GraderError(f"{path} does not say what it loses; begin it with a line like '# loses: loss'")
    lost = line.removeprefix("# loses: ")
    if lost == "everything":
        return set(functions)
    return set() if lost == "nothing" else set(lost.split(", "))


def complete(script: str, base: str, without: list[str]) -> str:
    """Return the base with the script's definitions in the place of its own, and without some."""
    parts = dict(_chunks(base))
    replacing: dict[str, list[str]] = {}
    pending: list[str] = []
    for name, text in _chunks(script):
        if name in parts and name not in replacing:
            replacing[name], pending = [*pending, text], []
        elif [*replacing] == [IMPORTS]:
            replacing[IMPORTS].append(text)
        else:
            pending.append(text)
    kept = [text for name in parts if name not in without for text in replacing.get(name, [parts[name]])]
    return "\n\n\n".join([*kept, *pending]) + "\n"


def _chunks(script: str) -> Iterator[tuple[str, str]]:
    """Yield each definition, and all that stands between two of them, with its name and the comments above it."""
    lines, start = script.split("\n"), 0
    for name, group in itertools.groupby(ast.parse(script).body, lambda node: getattr(node, "name", "")):
        first, *more = group
        is_import = isinstance(first, ast.Import | ast.ImportFrom)
        end = [first, *more][-1].end_lineno
        yield name or IMPORTS * is_import, "\n".join(lines[start:end]).strip("\n")
        start = end or start
    if rest := "\n".join(lines[start:]).strip("\n"):
        yield "", rest
