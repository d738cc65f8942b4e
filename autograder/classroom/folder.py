"""Finds a class's submissions in a folder.

These layouts may be mixed in one folder (contract, section 5):

    <student>.py                                     or .ipynb
    <student>/<exercise>.py                          or .ipynb
    <student>/<exercise>/<exercise>.ipynb            or .py: nbgrader's `submitted/`
    doejane_LATE_12345_67890_exercise2.py            Canvas's "Download submissions", unpacked
    Jane Doe_12345_assignsubmission_file_/x.py       Moodle's "Download all submissions", unpacked
    Jane Doe_12345_assignsubmission_file_x.py        the same without folders

In a download from Canvas the student is called `doejane_12345`: the name as Canvas writes it and the user's number,
by which `exporting.canvas` finds the row (canvas-lms, lib/content_zipper.rb); in an anonymous one, `anon_Ab3dE`. In one
from Moodle the student is `Jane Doe_12345`, with the number of "Participant 12345" in the grading worksheet. Both name
files as the student did, so there a single script is taken whatever it is called, and among several the one that is
called as the exercise (`exercise2.py`, `exercise2-1.py`, `exercise2 (1).py`).

Nothing is chosen silently: what cannot be graded for certain is refused, with a line that says what to do. Symbolic
links, pipes and devices are never opened.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError
from autograder.submissions.submission import SUFFIXES
from autograder.submissions.upload import is_called

CANVAS_ANONYMOUS = re.compile(r"(?:LATE_)?(?P<student>anon_\w{5})_\d+_(?P<own>.+)")
CANVAS = re.compile(r"(?P<student>[^\s.,'()-]+?)(?:_LATE)?(?P<number>_\d+)_\d+_(?P<own>.+)")
MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_file(?:_(?P<own>.*))?")
MOODLE_TEXT = re.compile(r".+_\d+_assignsubmission_onlinetext_?.*")

LITTER = frozenset({"__pycache__", "__macosx", "thumbs.db", "desktop.ini", "timestamp.txt", "lost+found"})
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
BACKUPS = (".bak", ".orig", ".swp", ".tmp", "~")
HIDDEN_SUFFIX = re.compile(r"(?P<stem>.+)\.(?:py|ipynb)\.\w+", re.IGNORECASE)

# Characters that turn the reading direction of all that follows, so that a name shows as another.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

LINK = "is a symbolic link; put the file itself there"
SPECIAL = "is no ordinary file but a pipe, socket or device; remove it"
ARCHIVE = "is an archive; unpack it first"

UNSAFE = frozenset('<>:"/\\|?*%')
RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\Z)", re.IGNORECASE)
LONGEST_STEM = 180  # bytes: a suffix, and the name of the file it is written to first, must fit into 255


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


@dataclass(frozen=True)
class _Ignored:
    name: str


_Item = _Candidate | Refused | _Ignored


def collect(folder: Path, exercise: str) -> Collected:
    """Return the submissions of an exercise in a folder, sorted by student.

    UserError where there is no such folder, it cannot be listed, or there is nothing in it to grade or refuse.
    """
    items = [item for entry in _entries(folder) for item in _items(entry, exercise)]
    candidates = [item for item in items if isinstance(item, _Candidate)]
    refused = [item for item in items if isinstance(item, Refused)]
    ignored = sorted(_printable(item.name) for item in items if isinstance(item, _Ignored))
    found = []
    for group in _by_student(candidates):
        outcome = _decide(group, folder, exercise)
        if isinstance(outcome, Found):
            found.append(outcome)
        else:
            refused += outcome
    if not found and not refused:
        raise UserError(
            f"there are no submissions in {folder}; looked for <student>.py, <student>/{exercise}.py and "
            f"<student>/{exercise}/{exercise}.py, or .ipynb, and for unpacked downloads from Canvas and Moodle"
        )
    found.sort(key=lambda item: item.student)
    refused.sort(key=lambda item: item.name)
    return Collected(tuple(found), tuple(refused), tuple(ignored))


def file_stem(student: str) -> str:
    """Return a student's name as the stem of a file that is safe on Linux, macOS and Windows; no two share one.

    Ordinary names stay as they are. Characters that some system forbids or hides are percent-encoded as in a URL, and
    a name that is too long ends in `%-` and a hash. In a link the stem must be quoted as any other file name.
    """
    last = len(student) - 1
    device = RESERVED.match(student)
    parts = []
    for index, character in enumerate(student):
        at_edge = (index == 0 and character in ".- ") or (index == last and character in ". ")
        is_unsafe = character in UNSAFE or not character.isprintable() or at_edge or (device and index == 0)
        parts.append(_percent(character) if is_unsafe else character)
    stem = "".join(parts)
    if stem and len(stem.encode()) <= LONGEST_STEM:
        return stem
    digest = hashlib.sha256(student.encode(errors="surrogatepass")).hexdigest()[:32]
    kept = stem.encode()[: LONGEST_STEM - 40].decode(errors="ignore")
    return f"{kept.rstrip('%')}%-{digest}"


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogatepass"))


# Walking the folder


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return _listing(str(folder))
    except FileNotFoundError:
        raise UserError(f"there is no folder {folder}; check the path") from None
    except NotADirectoryError:
        raise UserError(f"{folder} is not a folder; name the folder that holds the submissions") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"{folder} cannot be listed ({reason}); check its permissions") from None


def _listing(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _items(entry: os.DirEntry[str], exercise: str) -> Iterator[_Item]:
    """Yield what an entry of the folder of submissions amounts to."""
    name = entry.name
    if _is_litter(name):
        return
    reason = _unusable(name)
    if reason:
        yield Refused(_printable(name), reason)
        return
    try:
        if entry.is_dir(follow_symlinks=False):
            yield from _in_folder(entry, exercise)
        else:
            yield _top_file(entry)
    except OSError as error:
        yield Refused(name, f"cannot be read ({error.strerror}); check its permissions")


def _top_file(entry: os.DirEntry[str]) -> _Item:
    name = entry.name
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a Path for each of 100,000 names takes longer than listing them
    reason = _defect(entry)
    if suffix.lower() in SUFFIXES:
        student, own = _author(stem, suffix)
        if not student:
            return Refused(name, "has no student's name; rename it")
        return _Candidate(student, name, own, reason)
    if reason:
        return _Candidate(_tidy(name), name, reason=reason)
    if suffix.lower() in ARCHIVES:
        return Refused(name, ARCHIVE)
    disguised = HIDDEN_SUFFIX.fullmatch(name)
    if disguised and not name.lower().endswith(BACKUPS):
        return Refused(name, f"is not graded, as it ends in {suffix}; remove that ending")
    return _Ignored(name)


def _author(stem: str, suffix: str) -> tuple[str, str]:
    """Return the student to whom a file belongs by its name, and what the student called it where that is known."""
    for pattern in (MOODLE, CANVAS_ANONYMOUS, CANVAS):
        download = pattern.fullmatch(stem)
        if download:
            number = download["number"] if pattern is CANVAS else ""
            return _tidy(download["student"] + number), f"{download['own'] or ''}{suffix}"
    return _tidy(stem), ""


def _in_folder(entry: os.DirEntry[str], exercise: str) -> Iterator[_Item]:
    """Yield the candidates in a student's folder, or one line where there is none."""
    name = entry.name
    if MOODLE_TEXT.fullmatch(name):
        yield _Ignored(name)
        return
    download = MOODLE.fullmatch(name)
    student = _tidy(download["student"] if download else name)
    inside = [inner for inner in _listing(entry.path) if not _is_litter(inner.name)]
    candidates = [
        _Candidate(student, f"{name}/{file}", reason=reason)
        for file, reason in _named_as_the_exercise(inside, exercise)
    ]
    if not candidates and download:
        scripts = [inner for inner in inside if inner.name.lower().endswith(SUFFIXES)]
        candidates = [
            _Candidate(student, f"{name}/{inner.name}", inner.name, _defect(inner) or _unusable(inner.name))
            for inner in scripts
        ]
    if candidates:
        yield from candidates
    else:
        reason = f"has no {exercise}.py or {exercise}.ipynb in it{_instead(inside, exercise)}"
        yield Refused(name, reason, is_missing=True)


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


def _instead(inside: list[os.DirEntry[str]], exercise: str) -> str:
    """Name the files in a student's folder that may have been meant."""
    telling = (*SUFFIXES, *ARCHIVES, exercise.lower())
    names = sorted(_printable(inner.name) for inner in inside if any(part in inner.name.lower() for part in telling))
    if not names:
        return ""
    return f"; it holds {', '.join(names[:3])}{' and more' if len(names) > 3 else ''}: rename the right one"


def _defect(entry: os.DirEntry[str]) -> str:
    """Return why a file may not be opened, or nothing. No system call where the listing tells the kinds of files."""
    if entry.is_symlink():
        return LINK
    if entry.is_dir(follow_symlinks=False):
        return "is a folder; put the file itself there"
    return "" if entry.is_file(follow_symlinks=False) else SPECIAL


# Deciding


def _by_student(candidates: list[_Candidate]) -> list[list[_Candidate]]:
    """Group candidates whose reports would be one file on a system that ignores case (macOS, Windows)."""
    groups: dict[str, list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.student.lower()].append(candidate)
    return list(groups.values())


def _decide(group: list[_Candidate], folder: Path, exercise: str) -> Found | list[Refused]:
    """Return the one submission among a student's files, or why there is none."""
    if len(group) > 1 and all(candidate.own for candidate in group):
        right = [candidate for candidate in group if is_called(candidate.own, exercise)]
        group = right if len(right) == 1 else group
    defective = [Refused(_printable(candidate.file), candidate.reason) for candidate in group if candidate.reason]
    if len(group) == 1 and not defective:
        (only,) = group
        return Found(only.student, folder, only.file)
    if len(group) == 1:
        return defective
    files = ", ".join(sorted(_printable(candidate.file) for candidate in group))
    students = sorted({candidate.student for candidate in group})
    if len(students) == 1:
        reason = f"has {len(group)} files ({files}); leave the one that is to be graded"
    else:
        reason = f"are names that some systems take for one ({files}); rename one, or leave one of the files"
    return [*defective, Refused(" and ".join(students), reason)]


# Names


def _tidy(name: str) -> str:
    """Return a student's name in one form, whichever way the system that made the folder writes its accents."""
    return unicodedata.normalize("NFC", name).strip()


def _is_litter(name: str) -> bool:
    """Whether a name is one that systems and tools leave behind."""
    lowered = name.lower()
    if lowered.startswith("."):
        return lowered.startswith("._") or not lowered.endswith(SUFFIXES)  # ._x.py is macOS's shadow of x.py
    return lowered in LITTER or lowered.split(".")[0] == "readme" or lowered.endswith(BACKUPS)


def _unusable(name: str) -> str:
    """Return why no report can carry a name, or nothing."""
    if name.startswith("."):
        return "is hidden, as its name begins with a dot; rename it"
    if name.isprintable():
        return ""
    if any(unicodedata.category(character) == "Cs" for character in name):
        return "has a name that is not UTF-8; rename it"
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in TURNING for character in name):
        return "has a control character in its name; rename it"
    return ""


def _printable(name: str) -> str:
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in name
    )
