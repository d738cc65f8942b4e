"""Finds the kit and its exercises by file name. Checks are read and never run, so that listing them takes no torch."""

from __future__ import annotations

import json
import re
from pathlib import Path

from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise, HeldBack

CHECKS = Path(__file__).resolve().parents[1] / "checks"
AT_HAND_IN = "at_hand_in.json"  # beside the checks of a student kit: the hidden ones that it leaves out

# How a checks file is written, which its own collection will prove. Parsing it would take most of a listing's time.
TITLE = re.compile(r'(?:\s|#.*\n)*"""(?P<title>.+?)\.?(?:"""|\n)')
DECORATOR = re.compile(r"^@check\(", re.MULTILINE)
WORTH = re.compile(r'\s*"(?P<function>\w+)",\s*points=(?P<points>\d+)\b')
NOT_BY_HAND = re.compile(r"^BY_HAND = False\b", re.MULTILINE)


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
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise GraderError(f"{path} cannot be read ({error}); restore it or install the kit again") from error
    title = TITLE.match(text)
    if title is None:
        raise GraderError(f"{path}:1: no docstring; begin it with the exercise's title")
    solution = kit / "solutions" / f"{name}.py"
    return Exercise(
        name=name,
        title=title["title"],
        functions=tuple(_points(text, path).items()),
        kit=kit,
        stub=kit / "exercises" / f"{name}.py",
        checks=path,
        solution=solution if solution.is_file() else None,
        by_hand=NOT_BY_HAND.search(text) is None,
        at_hand_in=_at_hand_in(name),
    )


def _points(text: str, path: Path) -> dict[str, int]:
    """Return the points of each function, in the order in which the checks name them first."""
    points: dict[str, int] = {}
    for decorator in DECORATOR.finditer(text):
        worth = WORTH.match(text, decorator.end())
        if worth is None:
            line = text.count("\n", 0, decorator.start()) + 1
            what = 'a check without a plain function name and number of points; write @check("name", points=1, …)'
            raise GraderError(f"{path}:{line}: {what}")
        points[worth["function"]] = points.get(worth["function"], 0) + int(worth["points"])
    return points


def _at_hand_in(name: str) -> tuple[tuple[str, HeldBack], ...]:
    """Return the hidden checks that this kit leaves out of an exercise, by function; () in an instructor's kit."""
    path = CHECKS / AT_HAND_IN
    if not path.is_file():
        return ()
    try:
        left_out = json.loads(path.read_bytes()).get(name, {})
        return tuple((function, HeldBack(left["checks"], left["points"])) for function, left in left_out.items())
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise GraderError(f"{path} cannot be read ({error!r}); restore it or install the kit again") from error


def _no_such_exercise(name: str) -> str:
    from difflib import get_close_matches  # only for a slip of the pen; a listing must be quick

    names = exercise_names()
    asked = Path(name).stem.lower()
    near = get_close_matches(asked, names, 1) or [known for known in names if asked and asked in known]
    suggestion = f"did you mean {near[0]}? " if near else ""
    return f"there is no exercise {name!r}; {suggestion}There are: {', '.join(names) or 'none'}"
