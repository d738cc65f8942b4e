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
from autograder.classroom.candidates import NO_SCRIPT, Candidate, Found, Refused, decide, likeliest
from autograder.classroom.names import BACKUPS, fault, is_litter, printable, tidy
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.files import reason
from autograder.submissions.submission import SUFFIXES, read_any
from autograder.submissions.upload import (
    HOME,
    NothingHandedIn,
    is_begun,
    is_called,
    is_like,
    is_nobodys,
    is_tooling,
    scripts,
    submissions,
)

HIDDEN_SUFFIX = re.compile(r".+\.(?:py|ipynb)[ .(]+\w+\)?|.+\.py[w\d]", re.IGNORECASE)

# Folders in which a student keeps the work; other folders beside each other may be several students'.
PLACES = re.compile(
    rf"{HOME}|src|code|scripts?|notebooks?|submission|(?:my[ _-]?)?work|solutions?|final|old|new|backup|copy|drafts?"
    r"|original|starter|template|handout|given|tests?|utils|helpers|lib|data|docs|lectures?|notes"
    r"|(?:v|version|attempt|exercise|ex|hw|homework|assignment|week|lab|sheet|task)[ _-]?\d+",
    re.IGNORECASE,
)
# Folders in which the students' folders lie, and those that tools put beside one.
INNER = {"submitted": {"source", "release", "autograded", "feedback"}, "Submitted files": {"Working files"}}

ARCHIVE_LIMIT = 5  # of one student that are opened
PACKED = "is an archive; unpack it first"
LINK = "is a symbolic link; put the file itself there"


@dataclass(frozen=True)
class Collected:
    """A folder's submissions by student, what was refused, and the names of files that are nobody's submission."""

    found: tuple[Found, ...]
    refused: tuple[Refused, ...]
    ignored: tuple[str, ...]


Item = Candidate | Refused | str  # the name of what is nobody's submission


def collect(folder: Path, exercise: Exercise, scratch: Path | None = None) -> Collected:
    """Return the submissions of an exercise in a folder, sorted by student; zips are unpacked into `scratch`.

    UserError where there is no such folder, it cannot be listed, or there is nothing in it to grade or refuse.
    """
    entries = entries_of(folder)
    search = search_in(folder, entries, exercise, scratch)
    collected = chosen([item for entry in entries for item in search.items(entry)], exercise)
    if not collected.found and not collected.refused:
        name = exercise.name
        raise UserError(
            f"there are no submissions in {folder}; looked for <student>.py, <student>/{name}.py and "
            f"<student>/{name}/{name}.py, or .ipynb or .zip, for clones, and for downloads of learning platforms"
        )
    return collected


def entries_of(folder: Path) -> list[os.DirEntry[str]]:
    """Return what lies in a folder of submissions; UserError where it cannot be listed, or holds more than those."""
    entries = [entry for entry in _entries(folder) if not is_litter(entry.name)]
    names = [entry.name for entry in entries]
    for inner, others in INNER.items():
        if inner in names and others.intersection(names):
            raise UserError(f"{folder} holds more than submissions; name the folder {inner} in it")
    return entries


def search_in(folder: Path, entries: list[os.DirEntry[str]], exercise: Exercise, scratch: Path | None) -> "Search":
    return Search(folder, exercise, scratch, downloads.naming(folder, [entry.name for entry in entries]))


def chosen(items: list[Item], exercise: Exercise) -> Collected:
    """Return the one submission of each student, of all that may be meant, and why there is none."""
    refused = [item for item in items if isinstance(item, Refused)]
    ignored = [item for item in items if isinstance(item, str)]
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for item in items:
        if isinstance(item, Candidate):  # reports may be one file on a system that ignores case (macOS, Windows)
            groups[item.student.lower()].append(item)
    found = []
    for group in groups.values():
        right = likeliest(group, exercise)
        ignored += [one.file for one in group if one not in right and one.reason != NO_SCRIPT]
        outcome = decide(right)
        if isinstance(outcome, Found):
            found.append(outcome)
        else:
            refused += outcome
    found.sort(key=lambda item: item.student)
    refused.sort(key=lambda item: item.name)
    return Collected(tuple(found), tuple(refused), tuple(sorted(map(printable, ignored))))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return _listing(str(folder))
    except FileNotFoundError:
        raise UserError(f"there is no folder {folder}; check the path") from None
    except NotADirectoryError:
        advice = "name the folder that holds the submissions, or a zip of it"
        raise UserError(f"{folder} is not a folder; {advice}") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} cannot be listed ({reason(error)}); check its permissions") from None


def _listing(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


@dataclass(frozen=True)
class Search:
    """A search for submissions of an exercise.

    `scratch` is where zips are unpacked, None where they stay closed; `is_shared`: for other exercises, too.
    """

    folder: Path
    exercise: Exercise
    scratch: Path | None
    naming: downloads.Naming
    is_shared: bool = False

    def items(self, entry: os.DirEntry[str]) -> Iterator[Item]:
        """Yield what an entry of the folder of submissions amounts to."""
        student = self.naming.author(os.path.splitext(entry.name)[0])[0]  # noqa: PTH122 - see `_top_file`
        for item in self._items(entry):
            yield replace(item, student=item.student or student) if isinstance(item, Refused) else item

    def _items(self, entry: os.DirEntry[str]) -> Iterator[Item]:
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
        except UserError as error:
            yield Refused(name, f"cannot be graded: {error}")

    def _top_file(self, entry: os.DirEntry[str]) -> Iterator[Item]:
        name = entry.name
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a Path for each of 100,000 names takes longer than listing them
        defect, suffix = _defect(entry), suffix.lower()
        student, own = self.naming.author(stem)
        if suffix in SUFFIXES and not student:
            yield Refused(name, "has no student's name; rename it")
        elif suffix in SUFFIXES and own is None and is_nobodys(stem, self.exercise.name):
            yield Refused(name, "has an exercise's name and not its student's; rename it")
        elif suffix in SUFFIXES:
            yield Candidate(student, self.folder, name, "" if own is None else f"{own}{suffix}", defect)
        elif defect:
            yield Candidate(tidy(name), self.folder, name, reason=defect)
        elif suffix == ".zip" and self.scratch:
            yield from self._in_zip(self.scratch, name, student, is_download=own is not None)
        elif suffix in archives.ARCHIVES:
            yield Refused(name, PACKED)
        elif own is not None:
            yield Candidate(student, self.folder, name, f"{own}{suffix}", NO_SCRIPT)
        elif HIDDEN_SUFFIX.fullmatch(name) and not name.lower().endswith(BACKUPS):
            yield Refused(name, f"is not graded, as it ends in {suffix}; rename it to end in .py or .ipynb")
        else:
            yield name

    def _in_folder(self, entry: os.DirEntry[str]) -> Iterator[Item]:
        """Yield the candidates in a student's folder, or a line where there is none."""
        name, exercise = entry.name, self.exercise.name
        student, is_download = self.naming.author(name)[0], self.naming.is_download(name)
        if downloads.ASIDE.fullmatch(name):
            yield name
            return
        if downloads.TEXT.fullmatch(name):
            yield Candidate(student, self.folder, name, name, NO_SCRIPT)
            return
        inside = [inner for inner in _listing(entry.path) if not is_litter(inner.name)]
        named = list(_named_as_the_exercise(inside, exercise))
        if any(defect for _, defect in named) or (
            len(named) == 1 and not _may_hold_more(inside, named[0][0], exercise)
        ):
            yield from (Candidate(student, self.folder, f"{name}/{file}", reason=defect) for file, defect in named)
            return
        if not is_download and (below := self._below(entry, inside)):
            yield from (self._raised(name, item, below) for inner in inside for item in below.items(inner))
            return
        items = self._meant(self.folder, name, student, is_download=is_download)
        if not any(isinstance(one, Refused) for one in items):
            items += self._packed(name, student, items, inside)
        yield from items or [self._nothing(self.folder, name, is_download=is_download)]

    def _below(self, entry: os.DirEntry[str], inside: list[os.DirEntry[str]]) -> "Search | None":
        """Return a search in a folder that holds a platform's download: a section's or all students'."""
        names = [inner.name for inner in inside]
        naming = downloads.naming(Path(entry.path), names)
        if not naming.is_of_several(names):
            return None
        return replace(self, folder=Path(entry.path), scratch=self.scratch and self.scratch / entry.name, naming=naming)

    def _raised(self, name: str, item: Item, below: "Search") -> Item:
        """Return what was found in a folder as found in the one that it lies in."""
        if isinstance(item, Candidate):
            return (
                replace(item, folder=self.folder, file=f"{name}/{item.file}") if item.folder == below.folder else item
            )
        return replace(item, name=f"{name}/{item.name}") if isinstance(item, Refused) else f"{name}/{item}"

    def _packed(self, name: str, student: str, found: list[Item], inside: list[os.DirEntry[str]]) -> Iterator[Item]:
        """Yield what is in the archives of a student's folder; those of data nobody needs to be told."""
        is_done = any(isinstance(one, Candidate) and self._is_begun(one) for one in found)
        files = [one.name for one in inside if not _defect(one)]
        if not is_done:
            files = [file for file in _telling(self.folder / name, "/") if (self.folder / name / file).is_file()]
        packed = sorted(file for file in files if file.lower().endswith(archives.ARCHIVES))
        if len(packed) > ARCHIVE_LIMIT and not is_done:  # each of a clone's may grow as far as one alone may
            yield Refused(name, f"holds {_some(packed)}; leave the one that is to be graded, unpacked")
            return
        for file in packed[:ARCHIVE_LIMIT]:
            items: list[Item] = [Refused(printable(f"{name}/{file}"), PACKED)]
            if self.scratch and file.lower().endswith(".zip"):
                is_download = self.naming.is_download(name)
                items = self._in_zip(self.scratch, f"{name}/{file}", student, is_download=is_download)
            first = items[0]
            is_needless = is_done and isinstance(first, Refused) and first.reason.startswith(("has no", PACKED))
            yield from [f"{name}/{file}"] if is_needless else items

    def _is_begun(self, one: Candidate) -> bool:
        return is_begun(read_any(one.folder / one.file, Path(one.file), ""), self.exercise)

    def _meant(self, base: Path, name: str, student: str, *, is_download: bool) -> list[Item]:
        """Return the files of a student's folder that may be meant."""
        likely = [path for path in scripts(base / name, self.exercise.name) if is_like(path.name, self.exercise.name)]
        is_certain = len(likely) == 1 or any(is_called(path.name, self.exercise.name) for path in likely)
        if not is_certain and not is_download:
            return []  # `ann_exercise2.py` and `bob_exercise2.py` may be two students'
        try:
            if not (base / name / ".git").exists() and (strangers := self._strangers(base / name, likely)):
                advice = "put folders of several students beside each other, or leave the file that is to be graded"
                return [Refused(name, f"holds {strangers}; {advice}")]
            paths = [one.path for one in submissions(base / name, self.exercise)]
        except NothingHandedIn:
            return []
        except UserError as error:
            return [Refused(name, f"cannot be graded: {error}")]
        return [Candidate(student, base, f"{name}/{path.as_posix()}", path.name, fault(path.name)) for path in paths]

    def _strangers(self, folder: Path, likely: list[Path]) -> str:
        """Name files in folders beside each other that are no places in which one student works, or nothing."""
        paths = likely
        if not any(_is_file(one) for one in _listing(str(folder)) if not is_litter(one.name)):
            paths = scripts(folder, self.exercise.name)  # in nothing but folders, whatever they are called
        while len({path.parts[0] for path in paths}) == 1 and len(paths[0].parts) > 1:
            paths = [Path(*path.parts[1:]) for path in paths]
        if any(path.parts[0] == HOME for path in paths):
            return ""  # a kit
        paths = [path for path in paths if len(path.parts) > 1 and not PLACES.fullmatch(path.parts[0])]
        files = [printable(path.as_posix()) for path in paths]
        return _some(files) if len({path.parts[0] for path in paths}) > 1 else ""

    def _in_zip(self, scratch: Path, file: str, student: str, *, is_download: bool) -> list[Item]:
        """Return the files in a student's zip that may be meant, or a line where there is none."""
        try:
            if not (self.is_shared and (scratch / file).is_dir()):
                archives.unpack(self.folder / file, scratch / file, archives.STUDENTS)
        except UserError as error:
            items: list[Item] = [Refused(printable(file), str(error))]
            shutil.rmtree(scratch / file, ignore_errors=True)
        else:
            names = [one.name for one in _listing(str(scratch / file))]
            if downloads.naming(scratch / file, names).is_of_several(names):
                advice = "unpack it, or name it as the folder of submissions"
                items = [Refused(printable(file), f"is a learning platform's download; {advice}")]
            else:
                items = self._meant(scratch, file, student, is_download=is_download)
            items = items or [self._nothing(scratch, file, is_download=True)]
        if not self.is_shared and not any(isinstance(item, Candidate) for item in items):
            shutil.rmtree(scratch / file, ignore_errors=True)  # its space may be wanted
        return items

    def _nothing(self, base: Path, name: str, *, is_download: bool) -> Refused:
        """Say that there is nothing to grade in a student's folder, and what may have been meant."""
        exercise = self.exercise.name
        others = rf"{exercise.rstrip('0123456789')}(?!{exercise[-1]}\b)\d+\.\w+"  # of other exercises are no fault
        paths = {path.as_posix() for path in scripts(base / name, exercise)} | set(
            _telling(base / name, "" if is_download else exercise)
        )
        files = sorted(map(printable, paths))
        is_missing = all(re.fullmatch(others, file.rsplit("/")[-1], re.IGNORECASE) for file in files)
        advice = "rename the right one" if _has_suffix(files, SUFFIXES) else "have it handed in as .py or .ipynb"
        if _has_suffix(files, archives.ARCHIVES):
            advice = "unpack it first"
        several = ", or put several students' beside each other" if len(files) > 1 else ""
        instead = f"; it holds {_some(files)}: {advice}{several}" if files else ""
        reason = f"has no {exercise}.py or {exercise}.ipynb in it{instead}"
        return Refused(name, reason, is_missing=is_missing and not is_download, is_nothing=True)


def _some(files: list[str]) -> str:
    return ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")


def _has_suffix(files: list[str], suffixes: tuple[str, ...]) -> bool:
    return any(suffix in file.lower() for file in files for suffix in suffixes)


def _is_file(entry: os.DirEntry[str]) -> bool:
    return not entry.is_dir(follow_symlinks=False)


def _may_hold_more(inside: list[os.DirEntry[str]], file: str, exercise: str) -> bool:
    """Whether there may be other files of the exercise in a student's folder; folders of other exercises hold none."""
    others = re.compile(rf"{exercise.rstrip('0123456789')}\d*", re.IGNORECASE)
    for inner in inside:
        is_folder = inner.is_dir(follow_symlinks=False) and not is_tooling(inner.name)
        if is_folder and not others.fullmatch(inner.name):
            return True
        is_other = others.fullmatch(os.path.splitext(inner.name)[0]) and not is_like(inner.name, exercise)  # noqa: PTH122
        if inner.name != file and not is_other and inner.name.lower().endswith((*SUFFIXES, *archives.ARCHIVES)):
            return True
    return False


def _telling(folder: Path, exercise: str) -> Iterator[str]:
    """Yield the files below a student's folder that may have been meant; links are never followed."""
    wanted = (*SUFFIXES, *archives.ARCHIVES, exercise.lower())
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_tooling(name)]
        for name in [*names, *(name for name in folders if Path(place, name).is_symlink())]:
            path = Path(place, name)
            if not is_litter(name) and (path.is_symlink() or any(part in name.lower() for part in wanted)):
                yield path.relative_to(folder).as_posix() + (" (a symbolic link)" if path.is_symlink() else "")


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
