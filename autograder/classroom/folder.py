"""Finds a class's submissions in a folder.

These layouts may be mixed in one folder (contract, section 5):

    <student>.py                                     or .ipynb
    <student>/<exercise>.py                          or .ipynb
    <student>/<exercise>/<exercise>.ipynb            or .py: nbgrader's `submitted/`
    <student>/exercises/<exercise>.py                a clone of the student's repository, or a whole kit
    <student>.zip, <student>/x.zip                   a zip of any of these
    an unpacked download of a learning platform      see `classroom.downloads`

In a student's folder the rules for uploads hold (`submissions.upload`), for files that have the exercise's name: what a
student has worked in goes before what is as it was handed out. Downloads name files as the student did, so there a
single script is taken whatever it is called, and among several the one that is called as the exercise (`exercise2.py`,
`exercise2-1.py`, `exercise2 (1).py`).

Nothing is chosen silently: what cannot be graded for certain is refused, with a line that says what to do. Symbolic
links, pipes and devices are never opened.
"""

import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.classroom import archives, downloads
from autograder.classroom.names import BACKUPS, fault, is_litter, printable, tidy
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.files import reason
from autograder.model import Submission
from autograder.submissions.submission import SUFFIXES, read_any
from autograder.submissions.upload import (
    HOME,
    NothingHandedIn,
    is_begun,
    is_called,
    is_like,
    is_tooling,
    scripts,
    submissions,
)

HIDDEN_SUFFIX = re.compile(r"(?P<stem>.+)\.(?:py|ipynb)\.\w+", re.IGNORECASE)

# Folders in which a student keeps the work; other folders beside each other may be several students'.
PLACES = frozenset(
    {HOME, "src", "code", "script", "scripts", "notebook", "notebooks", "submission", "work", "solution"}
)

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
    """A file that may be a student's submission, and its path in the folder of submissions or of unpacked zips.

    `own` is what its author called it, in downloads that keep that, and `reason` why it cannot be graded.
    """

    student: str
    folder: Path
    file: str
    own: str = ""
    reason: str = ""


_Item = _Candidate | Refused | str  # the name of what is nobody's submission


def collect(folder: Path, exercise: Exercise, scratch: Path | None = None) -> Collected:
    """Return the submissions of an exercise in a folder, sorted by student; zips are unpacked into `scratch`.

    UserError where there is no such folder, it cannot be listed, or there is nothing in it to grade or refuse.
    """
    entries = [entry for entry in _entries(folder) if not is_litter(entry.name)]
    naming = downloads.naming(folder, [entry.name for entry in entries])
    search = _Search(folder, exercise, scratch, naming)
    items = [item for entry in entries for item in search.items(entry)]
    refused = [item for item in items if isinstance(item, Refused)]
    ignored = [item for item in items if isinstance(item, str)]
    groups: dict[str, list[_Candidate]] = defaultdict(list)
    for item in items:
        if isinstance(item, _Candidate):  # reports may be one file on a system that ignores case (macOS, Windows)
            groups[item.student.lower()].append(item)
    found = []
    for group in groups.values():
        right = _right(group, exercise.name)
        ignored += [candidate.file for candidate in group if candidate not in right]
        outcome = _decide(right)
        if isinstance(outcome, Found):
            found.append(outcome)
        else:
            refused += outcome
    if not found and not refused:
        name = exercise.name
        raise UserError(
            f"there are no submissions in {folder}; looked for <student>.py, <student>/{name}.py and "
            f"<student>/{name}/{name}.py, or .ipynb or .zip, for clones, and for downloads of learning platforms"
        )
    found.sort(key=lambda item: item.student)
    refused.sort(key=lambda item: item.name)
    return Collected(tuple(found), tuple(refused), tuple(sorted(map(printable, ignored))))


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


@dataclass(frozen=True)
class _Search:
    """A search for submissions of an exercise; `scratch` is where zips are unpacked, None where they stay closed."""

    folder: Path
    exercise: Exercise
    scratch: Path | None
    naming: downloads.Naming

    def items(self, entry: os.DirEntry[str]) -> Iterator[_Item]:
        """Yield what an entry of the folder of submissions amounts to."""
        name = entry.name
        if wrong := fault(name):
            yield Refused(printable(name), wrong)
            return
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from self._in_folder(entry)
            else:
                yield from self._top_file(entry)
        except OSError as error:
            yield Refused(name, f"cannot be read ({error.strerror}); check its permissions")

    def _top_file(self, entry: os.DirEntry[str]) -> Iterator[_Item]:
        name = entry.name
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a Path for each of 100,000 names takes longer than listing them
        defect, suffix = _defect(entry), suffix.lower()
        student, own = self.naming.author(stem)
        if suffix in SUFFIXES and not student:
            yield Refused(name, "has no student's name; rename it")
        elif suffix in SUFFIXES and own is None and is_called(name, self.exercise.name):
            yield Refused(name, "has the exercise's name and not its student's; rename it")
        elif suffix in SUFFIXES:
            yield _Candidate(student, self.folder, name, "" if own is None else f"{own}{suffix}", defect)
        elif defect:
            yield _Candidate(tidy(name), self.folder, name, reason=defect)
        elif suffix == ".zip" and self.scratch:
            yield from self._in_zip(self.scratch, name, student, is_download=own is not None)
        elif suffix in archives.ARCHIVES:
            yield Refused(name, "is an archive; unpack it first")
        elif HIDDEN_SUFFIX.fullmatch(name) and not name.lower().endswith(BACKUPS):
            yield Refused(name, f"is not graded, as it ends in {suffix}; remove that ending")
        else:
            yield name

    def _in_folder(self, entry: os.DirEntry[str]) -> Iterator[_Item]:
        """Yield the candidates in a student's folder, or a line where there is none."""
        name, exercise = entry.name, self.exercise.name
        if downloads.MOODLE_TEXT.fullmatch(name):
            yield name
            return
        student, is_download = self.naming.author(name)[0], self.naming.is_download(name)
        inside = [inner for inner in _listing(entry.path) if not is_litter(inner.name)]
        named = list(_named_as_the_exercise(inside, exercise))
        if any(defect for _, defect in named) or (
            len(named) == 1 and not _may_hold_more(inside, named[0][0], exercise)
        ):
            yield from (_Candidate(student, self.folder, f"{name}/{file}", reason=defect) for file, defect in named)
            return
        items = self._meant(self.folder, name, student, is_download=is_download)
        zips = sorted(inner.name for inner in inside if inner.name.lower().endswith(".zip") and not _defect(inner))
        if self.scratch and zips and not any(isinstance(one, Refused) for one in items):
            for file in zips:
                items += self._in_zip(self.scratch, f"{name}/{file}", student, is_download=is_download)
            if files := [one for one in items if isinstance(one, _Candidate)]:
                lines = [one for one in items if isinstance(one, Refused)]  # of zips of data nobody needs to be told
                items = [*self._worked_in(files), *(one.name if "has no" in one.reason else one for one in lines)]
        yield from items or [self._nothing(self.folder, name)]

    def _worked_in(self, candidates: list[_Candidate]) -> list[_Item]:
        """Return those of a student's files, in folders and zips, that are begun, each once, or the first."""
        read: dict[str, tuple[_Candidate, Submission]] = {}
        for one in candidates:
            submission = read_any(one.folder / one.file, Path(one.file), "")
            read.setdefault(submission.sha256, (one, submission))
        begun = [one for one, submission in read.values() if is_begun(submission, self.exercise)]
        return [*(begun or candidates[:1])] if len(read) > 1 else [*candidates[:1]]

    def _meant(self, base: Path, name: str, student: str, *, is_download: bool) -> list[_Item]:
        """Return the files of a student's folder that may be meant."""
        likely = [path for path in scripts(base / name, self.exercise.name) if is_like(path.name, self.exercise.name)]
        is_certain = len(likely) == 1 or any(is_called(path.name, self.exercise.name) for path in likely)
        if not is_certain and not is_download:
            return []  # `ann_exercise2.py` and `bob_exercise2.py` may be two students'
        try:
            if not (base / name / ".git").exists() and (strangers := _strangers(likely, self.exercise.name)):
                return [Refused(name, f"holds {strangers}; put folders of several students beside each other")]
            paths = [one.path for one in submissions(base / name, self.exercise)]
        except NothingHandedIn:
            return []
        except UserError as error:
            return [Refused(name, f"cannot be graded: {error}")]
        return [_Candidate(student, base, f"{name}/{path.as_posix()}", path.name, fault(path.name)) for path in paths]

    def _in_zip(self, scratch: Path, file: str, student: str, *, is_download: bool) -> list[_Item]:
        """Return the files in a student's zip that may be meant, or a line where there is none."""
        try:
            archives.unpack(self.folder / file, scratch / file, archives.STUDENTS)
        except UserError as error:
            items: list[_Item] = [Refused(printable(file), str(error))]
        else:
            items = self._meant(scratch, file, student, is_download=is_download)
            items = items or [replace(self._nothing(scratch, file), is_missing=False)]
        if not any(isinstance(item, _Candidate) for item in items):
            shutil.rmtree(scratch / file, ignore_errors=True)  # its space may be wanted
        return items

    def _nothing(self, base: Path, name: str) -> Refused:
        """Say that there is nothing to grade in a student's folder, and what may have been meant."""
        exercise = self.exercise.name
        others = rf"{exercise.rstrip('0123456789')}\d+\.\w+"  # of other exercises are no fault
        paths = [path.as_posix() for path in scripts(base / name, exercise)]
        paths += [one.name for one in _listing(str(base / name)) if _is_telling(one.name, exercise)]
        files = sorted({printable(path) for path in paths})
        is_missing = all(re.fullmatch(others, file.rsplit("/")[-1], re.IGNORECASE) for file in files)
        several = ", or put several students' beside each other" if len(files) > 1 else ""
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        instead = f"; it holds {', '.join(files[:3])}{more}: rename the right one{several}" if files else ""
        return Refused(name, f"has no {exercise}.py or {exercise}.ipynb in it{instead}", is_missing=is_missing)


def _may_hold_more(inside: list[os.DirEntry[str]], file: str, exercise: str) -> bool:
    """Whether there may be other files of the exercise in a student's folder; folders of other exercises hold none."""
    others = re.compile(rf"{exercise.rstrip('0123456789')}\d*", re.IGNORECASE)
    for inner in inside:
        is_folder = inner.is_dir(follow_symlinks=False) and not is_tooling(inner.name)
        if is_folder and not others.fullmatch(inner.name):
            return True
        if (is_like(inner.name, exercise) or inner.name.lower().endswith(".zip")) and inner.name != file:
            return True
    return False


def _strangers(paths: list[Path], exercise: str) -> str:
    """Name files in folders beside each other that are no places in which one student works, or nothing."""
    while len({path.parts[0] for path in paths}) == 1 and len(paths[0].parts) > 1:
        paths = [Path(*path.parts[1:]) for path in paths]
    if any(path.parts[0] == HOME for path in paths):
        return ""  # a kit
    owners = {path.parts[0] for path in paths if len(path.parts) > 1} - {exercise}
    owners = {owner for owner in owners if owner.lower() not in PLACES}
    files = [printable(path.as_posix()) for path in paths if path.parts[0] in owners]
    return f"{', '.join(files[:3])}{f' and {len(files) - 3} more' if len(files) > 3 else ''}" if len(owners) > 1 else ""


def _is_telling(name: str, exercise: str) -> bool:
    """Whether a file in a student's folder may have been meant."""
    return not is_litter(name) and any(
        part in name.lower() for part in (*SUFFIXES, *archives.ARCHIVES, exercise.lower())
    )


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


def _defect(entry: os.DirEntry[str]) -> str:
    """Return why a file may not be opened, or nothing. No system call where the listing tells the kinds of files."""
    if entry.is_symlink():
        return LINK
    if entry.is_dir(follow_symlinks=False):
        return "is a folder; put the file itself there"
    if entry.is_file(follow_symlinks=False):
        return ""
    return "is no ordinary file but a pipe, socket or device; remove it"


def _right(group: list[_Candidate], exercise: str) -> list[_Candidate]:
    """Return those of a student's files that may be meant: of several in a download the one that is called so."""
    right = [candidate for candidate in group if is_called(candidate.own, exercise)]
    return right if len(right) == 1 and all(candidate.own for candidate in group) else group


def _decide(group: list[_Candidate]) -> Found | list[Refused]:
    """Return the one submission among a student's files, or why there is none."""
    defective = [Refused(printable(candidate.file), candidate.reason) for candidate in group if candidate.reason]
    if len(group) == 1:
        return defective or Found(group[0].student, group[0].folder, group[0].file)
    files = ", ".join(sorted(printable(candidate.file) for candidate in group))
    students = sorted({candidate.student for candidate in group})
    if len(students) == 1:
        several = f"has {len(group)} files ({files}); leave the one that is to be graded"
    else:
        several = f"are names that some systems take for one ({files}); rename one, or leave one of the files"
    return [*defective, Refused(" and ".join(students), several)]
