"""Finds the kit and its exercises by file name. Checks are read and never run, so that listing them takes no torch."""

import json
import re
from pathlib import Path

from autograder.authoring.check_source import read_checks
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise, HeldBack

CHECKS = Path(__file__).resolve().parents[1] / "checks"
AT_HAND_IN = "at_hand_in.json"  # beside the checks of a student kit: the hidden ones that it leaves out


def find_kit(start: Path) -> Path:
    """Return the nearest folder from `start` upwards that holds both exercises/ and datasets/; UserError if none."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "exercises").is_dir() and (folder / "datasets").is_dir():
            return folder
    what = "is not inside the kit; run this in the kit's folder, which holds exercises/ and datasets/"
    raise UserError(f"{start} {what}")


def exercises(kit: Path) -> tuple[Exercise, ...]:
    """Return the kit's exercises by name, one for each checks file; GraderError where such a file cannot be read."""
    return tuple(read_exercise(kit, name) for name in exercise_names())


def find_exercise(kit: Path, name: str) -> Exercise:
    """Return one exercise; UserError with the nearest name where there is none of that name."""
    names = exercise_names()
    if name in names:
        return read_exercise(kit, name)
    from difflib import get_close_matches  # only for a slip of the pen; a listing must be quick

    asked = Path(name).stem.lower()
    near = get_close_matches(asked, names, 1) or [known for known in names if asked and asked in known]
    suggestion = f"did you mean {near[0]}? " if near else ""
    raise UserError(f"there is no exercise {name!r}; {suggestion}There are: {', '.join(names) or 'none'}")


def exercise_names() -> list[str]:
    return sorted(path.stem for path in CHECKS.glob("*.py") if is_name(path.stem))


def is_name(text: str) -> bool:
    """Whether an exercise may have this name; `conftest` is pytest's."""
    return bool(re.fullmatch(r"[a-z][a-z0-9_]*", text)) and text != "conftest"


def read_exercise(kit: Path, name: str) -> Exercise:
    """Return an exercise whose checks file exists: title, functions and points are read from that file."""
    path, stub, written = CHECKS / f"{name}.py", kit / "exercises" / f"{name}.py", kit / "solutions" / f"{name}.py"
    said = read_checks(path)
    solution = written if written.is_file() else None
    return Exercise(name, said.title, said.functions, kit, stub, path, solution, said.by_hand, _at_hand_in(name))


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
