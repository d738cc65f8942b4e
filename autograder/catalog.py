"""Finds the kit and its exercises by file name. Checks are read and never run, so that listing them takes no torch."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from autograder.errors import GraderError, UserError
from autograder.model import Exercise

CHECKS = Path(__file__).resolve().parent / "checks"


def find_kit(start: Path) -> Path:
    """Return the nearest folder from `start` upwards that holds both exercises/ and datasets/; UserError if none."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "exercises").is_dir() and (folder / "datasets").is_dir():
            return folder
    raise UserError(
        f"{start} is not inside the kit; run this in the kit's folder, which holds exercises/ and datasets/"
    )


def exercises(kit: Path) -> tuple[Exercise, ...]:
    """Return the kit's exercises by name, one for each checks file; GraderError where such a file cannot be read."""
    return tuple(read_exercise(kit, name) for name in exercise_names())


def find_exercise(kit: Path, name: str) -> Exercise:
    """Return one exercise; UserError with the nearest name where there is none of that name."""
    if name not in exercise_names():
        raise UserError(_no_such_exercise(name))
    return read_exercise(kit, name)


def exercise_names() -> list[str]:
    """Return the names of all exercises, sorted."""
    stems = (path.stem for path in CHECKS.glob("*.py"))
    return sorted(stem for stem in stems if is_name(stem))


def is_name(text: str) -> bool:
    """Whether an exercise may have this name; `conftest` is pytest's."""
    return bool(re.fullmatch(r"[a-z][a-z0-9_]*", text)) and text != "conftest"


def read_exercise(kit: Path, name: str) -> Exercise:
    """Return an exercise whose checks file exists: title, functions and points are read from that file."""
    path = CHECKS / f"{name}.py"
    tree = _parse(path)
    title = (ast.get_docstring(tree) or "").partition("\n")[0].rstrip(".")
    if not title:
        raise GraderError(f"{path}:1: no docstring; begin it with the exercise's title")
    solution = kit / "solutions" / f"{name}.py"
    return Exercise(
        name=name,
        title=title,
        functions=tuple(_points(tree, path).items()),
        by_hand=not any(_says_not_by_hand(statement) for statement in tree.body),
        kit=kit,
        stub=kit / "exercises" / f"{name}.py",
        checks=path,
        solution=solution if solution.is_file() else None,
    )


def _says_not_by_hand(statement: ast.stmt) -> bool:
    """Whether a statement of a checks file is `BY_HAND = False`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id="BY_HAND")], value=ast.Constant(value=False)):
            return True
    return False


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_bytes())
    except SyntaxError as error:
        raise GraderError(f"{path}:{error.lineno or 1}: not valid Python ({error.msg}); correct this line") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL byte
        raise GraderError(f"{path}: cannot be read ({error}); restore it or install the kit again") from error


def _points(tree: ast.Module, path: Path) -> dict[str, int]:
    """Return the points of each function, in the order in which the checks name them first."""
    points: dict[str, int] = {}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            match decorator:
                case ast.Call(func=ast.Name(id="check")):
                    function, worth = _graded(decorator, path)
                    points[function] = points.get(function, 0) + worth
    return points


def _graded(decorator: ast.Call, path: Path) -> tuple[str, int]:
    function = next((node.value for node in decorator.args[:1] if isinstance(node, ast.Constant)), None)
    worth = {key.arg: key.value.value for key in decorator.keywords if isinstance(key.value, ast.Constant)}.get(
        "points"
    )
    if not isinstance(function, str) or type(worth) is not int:
        what = 'a check without a plain function name and number of points; write @check("name", points=1, …)'
        raise GraderError(f"{path}:{decorator.lineno}: {what}")
    return function, worth


def _no_such_exercise(name: str) -> str:
    from difflib import get_close_matches  # only for a slip of the pen; a listing must be quick

    names = exercise_names()
    asked = Path(name).stem.lower()
    near = get_close_matches(asked, names, 1) or [known for known in names if asked and asked in known]
    suggestion = f"did you mean {near[0]}? " if near else ""
    return f"there is no exercise {name!r}; {suggestion}There are: {', '.join(names) or 'none'}"
