"""Finds a student's file in what was handed in to a CI job: an upload, an unpacked archive, a repository.

A file that is called as the exercise goes before one whose name only has the exercise's in it, and that before others;
one in a folder `exercises` before others, and one further up before one further down. But a file that its author has
worked in goes before all that are as they were handed out, wherever both lie. Symbolic links are never followed: one
could name the reference solution, which the grader may read.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.files import sha256
from autograder.model import Submission
from autograder.submissions.outline import is_unwritten, line_of
from autograder.submissions.submission import SUFFIXES, read_any

HOME = "exercises"  # the folder of a kit in which students work
ENTRY_LIMIT = 20_000  # scripts of other names that are remembered
FILE_LIMIT = 3  # files of one student that are graded, of which the best counts
READ_LIMIT = 20  # files in one place that are looked into
PLACES_LIMIT = 8  # places in a tree where a file of the exercise is looked into
NAME_LIMIT = 5  # files that a message names
# What a file's name says of it besides the exercise, when it says nobody's name.
VERSION = r"copy|of|kopie|von|copie|de|version|v\d*|final|new|old|submission|solution"
# Folders of tools, where thousands of scripts lie, and the kit's own package, which has files of the exercises' names.
TOOLS = frozenset({"env", "venv", "virtualenv", "node_modules", "site-packages", "autograder"})


class NothingHandedIn(UserError):
    """There is no script or notebook in what was handed in."""


def submissions(folder: Path, exercise: Exercise) -> list[Submission]:
    """Return what may be meant to be graded, the likeliest first: one, unless a student has worked in several files.

    A kit has each exercise as a script and as a notebook, so what is still as it was handed out does not count. Paths
    are those in the folder. UserError with what to do where there is nothing, or nobody can tell what is meant.
    """
    untouched: list[Submission] = []
    for group in _find(folder, exercise.name)[:PLACES_LIMIT]:
        read = [read_any(folder / path, path, "") for path in group[:READ_LIMIT]]
        begun = _distinct(one for one in read if is_begun(one, exercise))
        if len(begun) > FILE_LIMIT or (len(group) > READ_LIMIT and not begun):
            files = ", ".join(map(_shown, group[:NAME_LIMIT])) + (" and more" if len(group) > NAME_LIMIT else "")
            raise UserError(f"nobody can tell which file is meant ({files}); call the right one {exercise.name}.py")
        if begun:
            return begun
        untouched += read
    return _elsewhere(folder, exercise) or untouched[:1]


def _elsewhere(folder: Path, exercise: Exercise) -> list[Submission]:
    """Return the files of other names that hold most of the exercise: `solution.py` beside an untouched stub."""
    others = re.compile(rf"test.*|{_word(exercise.name)}[ _-]?\d.*", re.IGNORECASE)
    paths = [path for path in scripts(folder, exercise.name) if not others.fullmatch(path.name)]
    paths = sorted((path for path in paths if _is_ordinary(folder / path)), key=lambda path: len(path.parts))
    read = [read_any(folder / path, path, "") for path in paths[:READ_LIMIT]]
    return _distinct(one for one in read if 2 * _written(one, exercise) > len(exercise.functions))[:FILE_LIMIT]


def _distinct(read: Iterable[Submission]) -> list[Submission]:
    """Return the first of files that are copies of each other."""
    first: dict[str, Submission] = {}
    for one in read:
        first.setdefault(one.sha256, one)
    return list(first.values())


def is_begun(submission: Submission, exercise: Exercise) -> bool:
    """Whether any graded function is written, or there is other code: its author has to know what is wrong with it."""
    code = _code(submission)
    if any(line_of(code, name) is not None for name, _ in exercise.functions):
        return _written(submission, exercise) > 0
    return bool(code or (submission.problem and submission.sha256 != sha256(b"")))  # of no bytes is no notebook, either


def _written(submission: Submission, exercise: Exercise) -> int:
    code = _code(submission)
    return sum(line_of(code, name) is not None and not is_unwritten(code, name) for name, _ in exercise.functions)


def _code(submission: Submission) -> str:
    return "\n\n".join(cell.code for cell in submission.cells)


def _find(folder: Path, exercise: str) -> list[list[Path]]:
    """Return the files that may be the submission by place, the likeliest first; in a place, scripts first."""
    paths = scripts(folder, exercise)
    named = [path for path in paths if is_like(path.name, exercise)]
    places: dict[tuple[bool, bool, int], list[Path]] = defaultdict(list)
    for path in named or paths:
        places[_place(path, exercise)].append(path)
    nearest = [path for _, group in sorted(places.items()) for path in group]
    groups = [[path for path in group if _is_ordinary(folder / path)] for _, group in sorted(places.items())]
    groups = [group for group in groups if group]
    if not paths:
        raise NothingHandedIn(f"there is no .py or .ipynb file in what was handed in; hand in {exercise}.py")
    if not groups:
        raise UserError(f"{_shown(nearest[0])} is a link or no ordinary file; hand in the file itself")
    return [sorted(group, key=_order) for group in groups]


def _order(path: Path) -> tuple[bool, int, int]:
    return path.suffix.lower() != ".py", len(path.parts), len(path.name)


def is_called(name: str, exercise: str) -> bool:
    """Whether a file's name is the exercise's, or that with the number of a repeated upload."""
    return re.fullmatch(rf"{re.escape(exercise)}(?:-\d+| ?\(\d+\))?\.(?:py|ipynb)", name, re.IGNORECASE) is not None


def is_like(name: str, exercise: str) -> bool:
    """Whether a file's name has the exercise's in it, such as `Exercise 2 final.py`; a test of it is none."""
    word = _word(exercise)
    number = exercise[len(word) :]
    like = rf"(?!test_)(?:.*[^a-z])?{re.escape(word)}[ _-]?0?{number}(?!\d).*\.(?:py|ipynb)"
    return is_called(name, exercise) or re.fullmatch(like, name, re.IGNORECASE) is not None


def is_nobodys(stem: str, exercise: str) -> bool:
    """Whether a file's name is an exercise's with no more to it than that it is a copy, or which version."""
    version = rf"(?:{VERSION})(?![^\W\d_])"
    whole = rf"(?:{version}[ _-]+)*{_word(exercise)}[ _-]?\d+(?:[ _-]*{version}| *\(\d+\)|[- ]\d{{1,2}}(?!\d))*"
    return re.fullmatch(whole, stem.strip(), re.IGNORECASE) is not None


def _word(exercise: str) -> str:
    return exercise.rstrip("0123456789")


def _place(path: Path, exercise: str) -> tuple[bool, bool, int]:
    """Return what sorts places; a folder of the exercise's name counts as the one that it lies in."""
    depth = len(path.parts) - (path.parent.name == exercise)
    return not is_called(path.name, exercise), path.parent.name != HOME, depth


def _is_ordinary(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def scripts(folder: Path, exercise: str) -> list[Path]:
    """Return the scripts and notebooks below a folder, links among them, without what systems and tools leave behind.

    All that have the exercise's name, however many others there are; those of tools where there is nothing else.
    """
    return _scripts(folder, exercise, TOOLS) or _scripts(folder, exercise, frozenset())


def _scripts(folder: Path, exercise: str, closed: frozenset[str]) -> list[Path]:
    named: list[Path] = []
    others: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=_refuse):
        if closed and ("pyvenv.cfg" in names or "conda-meta" in folders):
            folders[:] = []
            continue
        folders[:] = sorted(name for name in folders if not _is_litter(name) and name.lower() not in closed)
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*names, *links]):
            if name.lower().endswith(SUFFIXES) and not _is_litter(name):
                if is_like(name, exercise):
                    named.append(Path(place, name).relative_to(folder))
                elif len(others) < ENTRY_LIMIT:
                    others.append(Path(place, name).relative_to(folder))
    return sorted(named) + sorted(others)


def _refuse(error: OSError) -> None:
    """Nobody knows what lies in a folder that cannot be listed: it may be the work."""
    name = _shown(Path(Path(os.fsdecode(error.filename)).name))
    raise UserError(f"the folder {name} cannot be read ({error.strerror}); check its permissions") from None


def is_tooling(name: str) -> bool:
    """Whether a folder or file is left behind by a system or belongs to a tool, as `.git`, `__pycache__`, `env`."""
    return _is_litter(name) or name.lower() in TOOLS


def _is_litter(name: str) -> bool:
    return name.startswith((".", "__"))  # .git, .venv, .ipynb_checkpoints, ._exercise2.py, __MACOSX, __pycache__


def _shown(path: Path) -> str:
    text = path.as_posix()
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
