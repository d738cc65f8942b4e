"""Finds a class's submissions in a folder.

These layouts may be mixed in one folder (contract, section 5):

    <student>.py                                     or .ipynb
    <student>/<exercise>.py                          or .ipynb
    <student>/<exercise>/<exercise>.ipynb            or .py: nbgrader's `submitted/`
    <student>/exercises/<exercise>.py                a clone of the student's repository, or a whole kit
    doejane_LATE_12345_67890_exercise2.py            Canvas's "Download submissions", unpacked
    Jane Doe_12345_assignsubmission_file_/x.py       Moodle's "Download all submissions", unpacked
    Jane Doe_12345_assignsubmission_file_x.py        the same without folders

In a download from Canvas the student is called `doejane_12345`: the name as Canvas writes it and the user's number,
by which `exports.canvas` finds the row (canvas-lms, lib/content_zipper.rb); in an anonymous one, `anon_Ab3dE`. In one
from Moodle the student is `Jane Doe_12345`, with the number of "Participant 12345" in the grading worksheet. Both name
files as the student did, so there a single script is taken whatever it is called, and among several the one that is
called as the exercise (`exercise2.py`, `exercise2-1.py`, `exercise2 (1).py`). In a repository the rules for uploads
hold (`submissions.upload`), for files that are called as the exercise: what a student has worked in goes before what
is as it was handed out.

Nothing is chosen silently: what cannot be graded for certain is refused, with a line that says what to do. Symbolic
links, pipes and devices are never opened.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.names import BACKUPS, fault, is_litter, printable, tidy
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.files import reason
from autograder.submissions.submission import SUFFIXES
from autograder.submissions.upload import HOME, NothingHandedIn, is_called, submissions

CANVAS_ANONYMOUS = re.compile(r"(?:LATE_)?(?P<student>anon_\w{5})_\d+_(?P<own>.+)")
ID = r"[1-9]\d{3,}"  # Canvas counts all users and files of a university, from one up
CANVAS = re.compile(rf"(?P<name>[^\s.,'()-]+?)(?:_LATE)?(?P<number>_{ID})_{ID}_(?P<own>.+)")
MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_file(?:_(?P<own>.*))?")
MOODLE_TEXT = re.compile(r".+_\d+_assignsubmission_onlinetext_?.*")
FILES_EACH = 3  # that a student has in a download at most, on average

ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
HIDDEN_SUFFIX = re.compile(r"(?P<stem>.+)\.(?:py|ipynb)\.\w+", re.IGNORECASE)

LINK = "is a symbolic link; put the file itself there"


@dataclass(frozen=True, slots=True)
class Found:
    """A submission: whose, in which folder of submissions, and its POSIX path in there."""

    student: str
    folder: Path
    file: str

    @property
    def path(self) -> Path:
        """The file. Made when it is asked for: a Path for each of 100,000 takes more memory than grading them."""
        return self.folder / self.file


@dataclass(frozen=True)
class Refused:
    """What is not graded, and why; `name` is fit to print, whatever the file is called.

    `is_missing`: a student's folder in which there is nothing to grade.
    """

    name: str
    reason: str
    is_missing: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.reason}"


@dataclass(frozen=True)
class Collected:
    """A folder's submissions by student, what was refused, and the names of files that are nobody's submission."""

    found: tuple[Found, ...]
    refused: tuple[Refused, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file that may be a student's submission, and its path in the folder of submissions.

    `own` is what its author called it, in downloads that keep that, and `reason` why it cannot be graded.
    """

    student: str
    file: str
    own: str = ""
    reason: str = ""


_Item = _Candidate | Refused | str  # the name of what is nobody's submission


def collect(folder: Path, exercise: Exercise) -> Collected:
    """Return the submissions of an exercise in a folder, sorted by student.

    UserError where there is no such folder, it cannot be listed, or there is nothing in it to grade or refuse.
    """
    entries = [entry for entry in _entries(folder) if not is_litter(entry.name)]
    is_canvas = _is_canvas(entry.name for entry in entries)
    items = [item for entry in entries for item in _items(entry, exercise, is_canvas=is_canvas)]
    refused = [item for item in items if isinstance(item, Refused)]
    groups: dict[str, list[_Candidate]] = defaultdict(list)
    for item in items:
        if isinstance(item, _Candidate):  # reports may be one file on a system that ignores case (macOS, Windows)
            groups[item.student.lower()].append(item)
    found = []
    for group in groups.values():
        outcome = _decide(group, folder, exercise.name)
        if isinstance(outcome, Found):
            found.append(outcome)
        else:
            refused += outcome
    if not found and not refused:
        name = exercise.name
        raise UserError(
            f"there are no submissions in {folder}; looked for <student>.py, <student>/{name}.py and "
            f"<student>/{name}/{name}.py, or .ipynb, for clones, and for unpacked downloads from Canvas and Moodle"
        )
    found.sort(key=lambda item: item.student)
    refused.sort(key=lambda item: item.name)
    ignored = sorted(printable(item) for item in items if isinstance(item, str))
    return Collected(tuple(found), tuple(refused), tuple(ignored))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return _listing(str(folder))
    except FileNotFoundError:
        raise UserError(f"there is no folder {folder}; check the path") from None
    except NotADirectoryError:
        raise UserError(f"{folder} is not a folder; name the folder that holds the submissions") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} cannot be listed ({reason(error)}); check its permissions") from None


def _listing(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _is_canvas(names: Iterable[str]) -> bool:
    """Whether a folder is a download from Canvas: most of its scripts are called so, a few of each student."""
    scripts = [name for name in names if name.lower().endswith(SUFFIXES)]
    students = [match["name"] + match["number"] for match in map(CANVAS.fullmatch, scripts) if match]
    return 2 * len(students) > len(scripts) and len(students) <= FILES_EACH * len(set(students))


def _items(entry: os.DirEntry[str], exercise: Exercise, *, is_canvas: bool) -> Iterator[_Item]:
    """Yield what an entry of the folder of submissions amounts to."""
    name = entry.name
    if wrong := fault(name):
        yield Refused(printable(name), wrong)
        return
    try:
        if entry.is_dir(follow_symlinks=False):
            yield from _in_folder(entry, exercise)
        else:
            yield _top_file(entry, is_canvas=is_canvas)
    except OSError as error:
        yield Refused(name, f"cannot be read ({error.strerror}); check its permissions")


def _top_file(entry: os.DirEntry[str], *, is_canvas: bool) -> _Item:
    name = entry.name
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a Path for each of 100,000 names takes longer than listing them
    defect = _defect(entry)
    if suffix.lower() in SUFFIXES:
        student, own = _author(stem, suffix, is_canvas=is_canvas)
        if not student:
            return Refused(name, "has no student's name; rename it")
        return _Candidate(student, name, own, defect)
    if defect:
        return _Candidate(tidy(name), name, reason=defect)
    if suffix.lower() in ARCHIVES:
        return Refused(name, "is an archive; unpack it first")
    if HIDDEN_SUFFIX.fullmatch(name) and not name.lower().endswith(BACKUPS):
        return Refused(name, f"is not graded, as it ends in {suffix}; remove that ending")
    return name


def _author(stem: str, suffix: str, *, is_canvas: bool) -> tuple[str, str]:
    """Return the student to whom a file belongs by its name, and what the student called it where that is known."""
    download = MOODLE.fullmatch(stem) or CANVAS_ANONYMOUS.fullmatch(stem) or (is_canvas and CANVAS.fullmatch(stem))
    if not download:
        return tidy(stem), ""
    student = download["student"] if "student" in download.re.groupindex else download["name"] + download["number"]
    return tidy(student), f"{download['own'] or ''}{suffix}"


def _in_folder(entry: os.DirEntry[str], exercise: Exercise) -> Iterator[_Item]:
    """Yield the candidates in a student's folder, or one line where there is none."""
    name = entry.name
    if MOODLE_TEXT.fullmatch(name):
        yield name
        return
    download = MOODLE.fullmatch(name)
    student = tidy(download["student"] if download else name)
    listed = _listing(entry.path)
    inside = [inner for inner in listed if not is_litter(inner.name)]
    named = _named_as_the_exercise(inside, exercise.name)
    items: list[_Item] = [_Candidate(student, f"{name}/{file}", reason=defect) for file, defect in named]
    if not items and download:
        files = [one for one in inside if one.name.lower().endswith(SUFFIXES)]
        items = [_Candidate(student, f"{name}/{one.name}", one.name, _defect(one) or fault(one.name)) for one in files]
    if not items and any(inner.name in (".git", HOME) for inner in listed):
        items = _in_repository(entry, student, exercise)
    if not items:
        nothing = f"has no {exercise.name}.py or {exercise.name}.ipynb in it{_instead(inside, exercise.name)}"
        items = [Refused(name, nothing, is_missing=True)]
    yield from items


def _named_as_the_exercise(inside: list[os.DirEntry[str]], exercise: str) -> Iterator[tuple[str, str]]:
    """Yield path inside the student's folder and defect of each file that is called as the exercise."""
    wanted = {exercise + suffix for suffix in SUFFIXES}
    for inner in inside:
        if inner.name in wanted:
            yield inner.name, _defect(inner)
        elif inner.name == exercise and inner.is_symlink():
            yield inner.name, LINK
        elif inner.name == exercise and inner.is_dir(follow_symlinks=False):
            for innermost in _listing(inner.path):
                if innermost.name in wanted:
                    yield f"{inner.name}/{innermost.name}", _defect(innermost)


def _in_repository(entry: os.DirEntry[str], student: str, exercise: Exercise) -> list[_Item]:
    """Return the files of a repository that a student has worked in, or the one that is as it was handed out."""
    try:
        worked_in = submissions(Path(entry.path), exercise)
    except NothingHandedIn:
        return []
    except UserError as error:
        return [Refused(entry.name, f"cannot be graded: {error}")]
    paths = [one.path for one in worked_in if is_called(one.path.name, exercise.name)]
    return [_Candidate(student, f"{entry.name}/{path.as_posix()}") for path in paths]


def _instead(inside: list[os.DirEntry[str]], exercise: str) -> str:
    """Name the files in a student's folder that may have been meant."""
    telling = (*SUFFIXES, *ARCHIVES, exercise.lower())
    names = sorted(printable(inner.name) for inner in inside if any(part in inner.name.lower() for part in telling))
    if not names:
        return ""
    return f"; it holds {', '.join(names[:3])}{' and more' if len(names) > 3 else ''}: rename the right one"


def _defect(entry: os.DirEntry[str]) -> str:
    """Return why a file may not be opened, or nothing. No system call where the listing tells the kinds of files."""
    if entry.is_symlink():
        return LINK
    if entry.is_dir(follow_symlinks=False):
        return "is a folder; put the file itself there"
    if entry.is_file(follow_symlinks=False):
        return ""
    return "is no ordinary file but a pipe, socket or device; remove it"


def _decide(group: list[_Candidate], folder: Path, exercise: str) -> Found | list[Refused]:
    """Return the one submission among a student's files, or why there is none."""
    if len(group) > 1 and all(candidate.own for candidate in group):
        right = [candidate for candidate in group if is_called(candidate.own, exercise)]
        group = right if len(right) == 1 else group
    defective = [Refused(printable(candidate.file), candidate.reason) for candidate in group if candidate.reason]
    if len(group) == 1:
        return defective or Found(group[0].student, folder, group[0].file)
    files = ", ".join(sorted(printable(candidate.file) for candidate in group))
    students = sorted({candidate.student for candidate in group})
    if len(students) == 1:
        several = f"has {len(group)} files ({files}); leave the one that is to be graded"
    else:
        several = f"are names that some systems take for one ({files}); rename one, or leave one of the files"
    return [*defective, Refused(" and ".join(students), several)]
