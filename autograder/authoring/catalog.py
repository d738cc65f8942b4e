"""Finds the kit and its exercises by file name. Checks are read and never run, so that listing them takes no torch."""

import json
import re
from contextlib import suppress
from pathlib import Path

from autograder.authoring.check_source import read_checks
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise, HeldBack

PARTS = ("exercises", "datasets", "autograder")  # folders of a kit; any one of them may have got lost
PACKAGE = Path(__file__).resolve().parents[1]
CHECKS = PACKAGE / "checks"


def find_kit(start: Path) -> Path:
    """Return the nearest folder from `start` upwards that holds what a kit does; UserError if none."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if sum((folder / part).is_dir() for part in PARTS) >= len(PARTS) - 1:
            return folder
    what = "is not inside the kit; run this in the kit's folder, which holds exercises/ and datasets/"
    raise UserError(f"{start} {what}")


def nearest_kit(start: Path) -> Path:
    """Return the kit around a folder, else the one that this package is installed from; UserError if none."""
    try:
        return find_kit(start)
    except UserError:
        with suppress(UserError):
            return find_kit(PACKAGE)
        raise


def exercises(kit: Path) -> tuple[Exercise, ...]:
    """Return the kit's exercises by name, one for each checks file; GraderError where such a file cannot be read."""
    return tuple(read_exercise(kit, name) for name in exercise_names())


def is_known(name: str) -> bool:
    """Whether an exercise is meant by a name."""
    return _meant(name) is not None


def _meant(name: str) -> str | None:
    """Return which exercise is meant by its name in any case, its number or a path; None where there is no such one."""
    asked = _asked(name)
    number = f"exercise{int(asked)}" if asked.isascii() and asked.isdigit() else ""
    return next((known for known in exercise_names() if known in (asked, number)), None)


def _asked(name: str) -> str:
    return Path(name).name.lower().removesuffix(".py").removesuffix(".ipynb")


def find_exercise(kit: Path, name: str) -> Exercise:
    """Return one exercise by its name in any case, its number or a path; UserError with the nearest where none is."""
    if meant := _meant(name):
        return read_exercise(kit, meant)
    names, asked = exercise_names(), _asked(name)
    from difflib import get_close_matches  # only for a slip of the pen; a listing must be quick

    near = get_close_matches(asked, names, 1) or [known for known in names if asked and asked in known]
    suggestion = f"did you mean {near[0]}? " if near else ""
    raise UserError(f"there is no exercise {name!r}; {suggestion}There are: {', '.join(names) or 'none'}")


def exercise_names() -> list[str]:
    found = (*CHECKS.glob("*.py"), *CHECKS.glob("*.json"))
    return sorted(path.stem for path in found if is_name(path.stem))


def is_name(text: str) -> bool:
    """Whether an exercise may have this name; `conftest` is pytest's."""
    return bool(re.fullmatch(r"[a-z][a-z0-9_]*", text)) and text != "conftest"


def read_exercise(kit: Path, name: str) -> Exercise:
    """Return an exercise whose checks file exists: title, functions and points are read from that file."""
    stub, written = kit / "exercises" / f"{name}.py", kit / "solutions" / f"{name}.py"
    solution = written if written.is_file() else None
    released = CHECKS / f"{name}.json"
    if released.is_file():
        return _released(name, released, kit, stub, solution)
    path = CHECKS / f"{name}.py"
    said = read_checks(path)
    return Exercise(name, said.title, said.functions, kit, stub, path, solution, said.by_hand, said.forbidden)


def _released(name: str, path: Path, kit: Path, stub: Path, solution: Path | None) -> Exercise:
    """Return an exercise of a student kit, whose checks are values; only those that are there have points."""
    try:
        said = json.loads(path.read_bytes())
        points: dict[str, int] = {}
        for check in said["checks"]:
            points[check["function"]] = points.get(check["function"], 0) + check["points"]
        held = {
            function: HeldBack(left["checks"], left["points"], tuple(left["looks_at"]))
            for function, left in said["held_back"].items()
        }
        title, by_hand, forbidden = said["title"], said["by_hand"], tuple(said["forbidden"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise GraderError(f"{path} cannot be read ({error!r}); restore it or install the kit again") from error
    functions = tuple(points.items())
    return Exercise(name, title, functions, kit, stub, path, solution, by_hand, forbidden, tuple(held.items()))
