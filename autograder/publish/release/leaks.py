"""Looks for what students must not have in what they are to get: solutions, hidden checks, anything not to be read."""

import ast
import json
import re
from collections.abc import Container, Iterator, Sequence
from pathlib import Path, PurePosixPath

from autograder.authoring import catalog, stubs
from autograder.authoring.check_source import read_checks
from autograder.authoring.regions import BEGIN, END
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.grading.released import IN_WORKER
from autograder.publish.release.contents import Files, allowed, compose
from autograder.submissions.definitions import FunctionNode

PNG = b"\x89PNG\r\n\x1a\n"
# Lines that give nothing away: a word or two alone, a sentence, an argument alone, an empty start, a call's beginning,
# the head of a loop or of a condition on what has a name, names that are returned.
TRIVIAL = re.compile(
    r"\W*\w*\W*|\(?\"[^\"]*\",?|(return|pass|else) ?\w*[:(]?|\w+ ?= ?\w+,|.* = (\[\]|\{\}|0|0\.0)"
    r"|(el)?(if|while) (not )?\w+( in \w+)?:?|for \w+(, \w+)* in \w+(\.items\(\))?:?|return \w+(, \w+)*"
)
OPERATORS = re.compile(r"\w.*[-+*/@].*\w.*[-+*/@].*\w")  # what is more than a mean or a difference
ASSIGNED = re.compile(r"return |[\w, ]+ = ")
STATEMENTS = ast.Return | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr


def released(kit: Path, address: str = "", names: Container[str] | None = None) -> Files:
    """Return the files of the student kit, as `compose` does; UserError where it would give something away."""
    files = compose(kit, address, names)
    found = find_leaks(files, kit)
    if found:
        more = f" (and {len(found) - 1} more; `course check` lists them)" if len(found) > 1 else ""
        raise UserError(f"{found[0]}{more}")
    return files


def find_leaks(files: Files, kit: Path) -> list[str]:
    """Return a sentence for each thing in the files that students must not have, and what to do.

    Each line of a solution that is not in its stub, each formula of an oracle or a mistake, and the names of hidden
    checks are looked for in every file, also as text inside JSON, as notebooks hold it. And no code in the kit may
    define what a by-hand exercise asks for.
    """
    exercises = catalog.exercises(kit)
    strange = [f"{path}: not on the list of what students get" for path in files if not allowed(path, exercises)]
    secrets = dict(_worked_out(exercises, files))
    secrets |= {secret: what for exercise in exercises for secret, what in _secrets(exercise)}
    for line in _said_anyway(exercises):
        secrets.pop(line, None)
    found = strange + [what for path, data in files.items() for what in _spoken(path, data, secrets)]
    asked = {name: exercise for exercise in exercises if exercise.by_hand for name in _asked(exercise)}
    stubs_as_given = {data for path, data in files.items() if path.parts[0] == "exercises"}  # their copies too
    code = {path: data for path, data in files.items() if data not in stubs_as_given}
    return found + [what for path, data in code.items() for what in _answered(path, data, asked)]


def _said_anyway(exercises: Sequence[Exercise]) -> Iterator[str]:
    """Yield the lines of all stubs in which nothing is worked out: a generator's seed is no secret of the next one."""
    for exercise in exercises:
        if exercise.solution is not None:
            yield from (line for line in _lines(stubs.stub_text(exercise)) if not OPERATORS.search(line))


def _worked_out(exercises: Sequence[Exercise], files: Files) -> Iterator[tuple[str, str]]:
    """Yield each line of the checks and mistakes in which something is worked out, and where it stands."""
    shipped = "\n".join(data.decode() for path, data in files.items() if path.parent.name == IN_WORKER)
    banks = {path: each.package for each in exercises for path in each.package.glob("mistakes/*.py")}
    for path, package in sorted({**banks, **{each.checks: each.package for each in exercises}}.items()):
        formulas = "\n".join(_formulas(path.read_text(encoding="utf-8")))
        yield from _kept_back(formulas, shipped, f"a line of autograder/{path.relative_to(package)}")


def _secrets(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Yield each name of a hidden check and line of a solution, and what it is."""
    for check in read_checks(exercise.checks).checks:
        if check.visibility == "hidden":
            yield f"check_{check.name}", "the name of a hidden check"
            yield f'"{check.name}"', "the name of a hidden check"
    if exercise.solution is not None:
        solution = exercise.solution.read_text(encoding="utf-8")
        stub, what = stubs.stub_text(exercise), f"a line of solutions/{exercise.name}.py"
        for line, _ in _kept_back(solution, stub, what):
            value = ASSIGNED.sub("", line)  # as a hint or a sentence may have it
            yield (value if OPERATORS.search(value) and value not in stub else line), what


def _formulas(text: str) -> Iterator[str]:
    """Yield the lines of a checks or mistakes file in which something is worked out: those of all but its checks."""
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, FunctionNode) and not node.name.startswith("check_"):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            for statement in (inner for each in body for inner in ast.walk(each) if isinstance(inner, STATEMENTS)):
                yield from lines[statement.lineno - 1 : statement.end_lineno]
        elif isinstance(node, ast.Lambda):
            yield from filter(OPERATORS.search, [ast.unparse(node.body)])


def _asked(exercise: Exercise) -> dict[str, int]:
    """Return the functions that an exercise asks for, with how many arguments each takes."""
    stub = ast.parse(stubs.stub_text(exercise))
    taken = {node.name: len(node.args.args) for node in stub.body if isinstance(node, FunctionNode)}
    return {name: taken[name] for name, _ in exercise.functions}


def _answered(path: PurePosixPath, data: bytes, asked: dict[str, Exercise]) -> Iterator[str]:
    """Yield each definition in a file of the package that could be handed in under its own name."""
    if path.suffix != ".py" or path.parts[0] != "autograder":
        return
    for node in ast.walk(ast.parse(data)):
        if isinstance(node, FunctionNode) and node.name in asked:
            exercise = asked[node.name]
            if len(node.args.args) >= _asked(exercise)[node.name]:
                yield f"{path}:{node.lineno}: defines {node.name}, which {exercise.name} asks for; leave it out"


def _kept_back(whole: str, given: str, what: str) -> Iterator[tuple[str, str]]:
    for line in _lines(whole) - _lines(given):
        if not TRIVIAL.fullmatch(line):
            yield line, what


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n")} - {BEGIN, END}


def _spoken(path: PurePosixPath, data: bytes, secrets: dict[str, str]) -> Iterator[str]:
    try:
        text = _text(path, data)
    except ValueError:
        yield f"{path}: neither UTF-8 text nor a picture, so nobody can see what is in it; leave it out"
        return
    for secret, what in sorted(secrets.items()):
        if secret in text:
            yield f"{path}: holds {what}, `{secret}`; leave it out, or write it in other words"


def _text(path: PurePosixPath, data: bytes) -> str:
    """Return all text in a file, of JSON that in its strings; ValueError for what is neither text nor PNG."""
    if path.suffix == ".png" and data.startswith(PNG):
        return data.decode("latin-1")
    text = data.decode()
    if "\0" in text:
        raise ValueError("no text")
    if path.suffix in (".json", ".ipynb"):
        return "\n".join(dict.fromkeys(_strings(json.loads(text))))
    return text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in (*value, *value.values()) if isinstance(value, dict) else value:
            yield from _strings(each)
