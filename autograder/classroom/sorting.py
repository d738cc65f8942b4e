"""Sorts a folder of submissions by exercise: which of a course's exercises each file in it is.

All layouts of `classroom.folder` may be mixed, and besides them

    exercise2/…, Exercise 2.zip                      the submissions of one exercise: a folder, or a platform's download
    ann_exercise2.py, exercise2-ann.py               a file whose name tells student and exercise

A file whose name tells no exercise is told by the functions that it defines: by its lines, as nobody parses a
stranger's text here. What nobody can tell is refused, with a line that says what to do.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.classroom import archives
from autograder.classroom.candidates import Candidate, Found, Refused
from autograder.classroom.folder import Collected, Item, Search, chosen, entries_of, search_in
from autograder.classroom.names import fault, printable, tidy
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.submissions.outline import line_of
from autograder.submissions.submission import SUFFIXES, read_any
from autograder.submissions.upload import READ_LIMIT, VERSION, is_begun, is_like, is_nobodys, is_tooling, scripts

TELLING = 0.5  # of an exercise's functions that a file has to define at least


@dataclass(frozen=True)
class Sorted:
    """A folder's submissions by exercise, for those in which there is any, and what is no exercise's."""

    exercises: tuple[tuple[Exercise, Collected], ...]
    refused: tuple[Refused, ...]
    ignored: tuple[str, ...]


def sort_folder(folder: Path, exercises: Iterable[Exercise], scratch: Path) -> Sorted:
    """Return the submissions of all exercises in a folder; zips are unpacked into `scratch`.

    An exercise in which nobody has written anything is left out: a clone has the stubs of all. UserError as `collect`.
    """
    sorter = _Sorter(folder, tuple(exercises), scratch)
    items = sorter.items()
    kept, refused, ignored = [], set[Refused](), set[str]()
    for exercise in sorter.exercises:
        collected = _with(chosen(items[exercise.name], exercise), sorter.refused)
        refused.update(one for one in collected.refused if not one.is_missing)
        ignored.update(collected.ignored)
        if any(_is_begun(found, exercise) for found in collected.found):
            kept.append((exercise, collected))
    taken = {found.file for _, collected in kept for found in collected.found}
    if not kept and not refused and not sorter.refused:
        raise UserError(
            f"there are no submissions in {folder}; looked for <student>_<exercise>.py, <student>/<exercise>.py, "
            "<student>/<exercise>/<exercise>.py, or .ipynb or .zip, for clones, and for a folder or zip an exercise"
        )
    once = sorted({*refused, *sorter.refused}, key=lambda one: (one.name, one.reason))
    return Sorted(tuple(kept), tuple(once), tuple(sorted(ignored - set(map(printable, taken)))))


def _with(collected: Collected, refused: Iterable[Refused]) -> Collected:
    """Add what may be of any exercise, where its author has no other file of this one."""
    here = {found.student for found in collected.found}
    return replace(collected, refused=(*collected.refused, *(one for one in refused if one.student not in here)))


def _is_begun(found: Found, exercise: Exercise) -> bool:
    try:
        return is_begun(read_any(found.path, Path(found.file), ""), exercise)
    except OSError:
        return True  # which the run will tell


class _Sorter:
    """What is found in a folder of submissions, by exercise."""

    def __init__(self, folder: Path, exercises: tuple[Exercise, ...], scratch: Path) -> None:
        self.exercises = exercises
        self.refused: list[Refused] = []
        self._folder, self._scratch = folder, scratch
        self._entries = entries_of(folder)
        self._told_names: dict[str, Exercise | None] = {}  # most students call their files alike
        self._searches = {one.name: self._search(folder, self._entries, one, scratch) for one in exercises}

    def items(self) -> Mapping[str, list[Item]]:
        """Return what may be meant as a submission of each exercise."""
        items: dict[str, list[Item]] = defaultdict(list)
        for entry in self._entries:
            stem, suffix = os.path.splitext(entry.name)  # noqa: PTH122 - a Path for each of 100,000 takes long
            is_folder = entry.is_dir(follow_symlinks=False)
            if not is_folder and suffix.lower() in SUFFIXES:
                self._sort_file(entry, stem, items)
            elif (own := self._named(stem)) and (is_folder or suffix.lower() == ".zip"):
                items[own.name] += self._of_one(entry, own, is_zip=not is_folder)
            else:
                self._sort_folder(entry, items)
        return items

    def _search(self, folder: Path, entries: list[os.DirEntry[str]], exercise: Exercise, scratch: Path) -> Search:
        return replace(search_in(folder, entries, exercise, scratch), is_shared=True)

    def _named(self, stem: str) -> Exercise | None:
        """Return the exercise whose name is all that a name says."""
        for exercise in self.exercises:
            if is_nobodys(stem, exercise.name) and is_like(f"{stem}.py", exercise.name):
                return exercise
        return None

    def _of_one(self, entry: os.DirEntry[str], exercise: Exercise, *, is_zip: bool) -> Iterator[Item]:
        """Yield what lies in a folder or zip of one exercise's submissions."""
        folder = Path(entry.path)
        try:
            if is_zip:
                folder = archives.open_class(folder, self._scratch / f"{entry.name}.class")
            entries = entries_of(folder)
        except UserError as error:
            yield Refused(printable(entry.name), f"cannot be graded: {error}")
            return
        search = self._search(folder, entries, exercise, self._scratch / entry.name)
        for inner in entries:
            for item in search.items(inner):
                if isinstance(item, Candidate):
                    yield item if is_zip or item.folder != folder else _raised(item, self._folder, entry.name)
                elif isinstance(item, Refused):
                    yield replace(item, name=f"{entry.name}/{item.name}")
                else:
                    yield f"{entry.name}/{item}"

    def _sort_file(self, entry: os.DirEntry[str], stem: str, items: dict[str, list[Item]]) -> None:
        """Add a script to those of the exercise that it is."""
        first = next(iter(self._searches.values()))
        own = first.naming.author(stem)[1]
        is_file = entry.is_file(follow_symlinks=False)
        told = self._told_by(own or stem) or (self._told(Path(entry.path)) if is_file else None)
        found = list(self._searches[told.name if told else first.exercise.name].items(entry))
        if told is None:
            advice = f"put the exercise into its name, as in {stem}_{self.exercises[0].name}.py"
            unclear = f"tells nobody which exercise it is; {advice}, or see that it is the student's file"
            for item in found:
                if isinstance(item, Candidate):
                    item = Refused(printable(entry.name), item.reason or unclear, student=item.student)
                self.refused += [item] if isinstance(item, Refused) else []
            return
        if own is None and (student := student_in(stem, told.name)):
            found = [replace(item, student=student) if isinstance(item, Candidate) else item for item in found]
        items[told.name] += found

    def _sort_folder(self, entry: os.DirEntry[str], items: dict[str, list[Item]]) -> None:
        """Add what is in a student's folder or zip to the exercises that it is."""
        here = self._only_these(entry)
        by_exercise = {exercise: list(self._searches[exercise.name].items(entry)) for exercise in here}
        missing = Refused(entry.name, "has none", is_missing=True, student=tidy(entry.name))
        nothing = {} if any(by_exercise.values()) else {self.exercises[0].name: missing}
        is_found = False
        for exercise, found in by_exercise.items():
            for item in found:
                if isinstance(item, Refused) and item.is_nothing:
                    nothing[exercise.name] = item
                elif not isinstance(item, Candidate) or item.reason or self._is_of(item, exercise):
                    items[exercise.name].append(item)
                    is_found = is_found or not isinstance(item, str)
        told = list(self._oddly_named(entry, nothing)) if nothing else []
        for exercise, candidate in told:
            items[exercise.name].append(candidate)
        if nothing and not is_found and not told:
            worst = min(nothing.values(), key=lambda one: one.is_missing)
            holds = worst.reason.partition(" in it")[2] if not worst.is_missing else ""
            self.refused.append(replace(worst, reason=f"has no file of an exercise in it{holds}"))

    def _only_these(self, entry: os.DirEntry[str]) -> list[Exercise]:
        """Return the exercises that may be in a student's folder: all, unless its files' names leave no doubt.

        Ten thousand folders are looked into for two exercises rather than for eight.
        """
        everything = list(self.exercises)
        naming = next(iter(self._searches.values())).naming
        if not entry.is_dir(follow_symlinks=False) or fault(entry.name) or naming.is_download(entry.name):
            return everything
        told: set[str] = set()
        closed: list[OSError] = []
        for place, folders, names in os.walk(entry.path, onerror=closed.append):
            folders[:] = [name for name in folders if not is_tooling(name)]
            if any(os.path.islink(os.path.join(place, name)) for name in folders):  # noqa: PTH114, PTH118 - quick
                return everything
            for name in names:
                exercise = self._told_by(os.path.splitext(name)[0])  # noqa: PTH122
                is_script = name.lower().endswith(SUFFIXES)
                if exercise is None and not name.lower().endswith((*SUFFIXES, *archives.ARCHIVES)):
                    continue
                if exercise is None or not is_script:
                    return everything
                told.add(exercise.name)
        return everything if closed else [one for one in everything if one.name in told]

    def _is_of(self, item: Candidate, exercise: Exercise) -> bool:
        """Whether a file is of an exercise, by its name or what it defines: a download's may be called as you like."""
        name = item.own or PurePosixPath(item.file).name
        told = self._told_by(PurePosixPath(name).stem) or self._told(item.folder / item.file)
        return told is not None and told.name == exercise.name

    def _oddly_named(
        self, entry: os.DirEntry[str], nothing: Mapping[str, Refused]
    ) -> Iterator[tuple[Exercise, Candidate]]:
        """Yield a student's files that have no exercise's name, by the exercise that they define."""
        is_folder = entry.is_dir(follow_symlinks=False)
        base = self._folder if is_folder else self._scratch
        if not (base / entry.name).is_dir():
            return
        student = next(iter(nothing.values())).student or tidy(entry.name)
        paths = [path for path in scripts(base / entry.name, "") if not self._told_by(path.stem)]
        for path in paths[:READ_LIMIT]:
            file = base / entry.name / path
            told = None if file.is_symlink() or not file.is_file() else self._told(file)
            if told and told.name in nothing:
                yield told, Candidate(student, base, f"{entry.name}/{path.as_posix()}", path.name)

    def _told_by(self, name: str) -> Exercise | None:
        """Return the exercise that a file's name without suffix tells."""
        if name not in self._told_names:
            self._told_names[name] = next((one for one in self.exercises if is_like(f"{name}.py", one.name)), None)
        return self._told_names[name]

    def _told(self, path: Path) -> Exercise | None:
        """Return the exercise of whose functions a file defines more than of any other's."""
        try:
            code = "\n\n".join(cell.code for cell in read_any(path, Path(path.name), "").cells)
        except OSError:
            return None
        shares = []
        for exercise in self.exercises:
            defined = sum(line_of(code, name) is not None for name, _ in exercise.functions)
            shares.append((defined / len(exercise.functions), defined, exercise))
        (best, _, exercise), *others = sorted(shares, key=lambda one: one[:2], reverse=True)
        return exercise if best >= TELLING and not (others and others[0][0] == best) else None


def _raised(item: Candidate, folder: Path, name: str) -> Candidate:
    return replace(item, folder=folder, file=f"{name}/{item.file}")


def student_in(stem: str, exercise: str) -> str:
    """Return whose a file is, by a name that tells the exercise, too; '' where it says nothing else."""
    word = exercise.rstrip("0123456789")
    found = re.search(rf"{re.escape(word)}[ _-]?0?{exercise[len(word) :]}(?!\d)", stem, re.IGNORECASE)
    if not found:
        return ""
    for part in (stem[: found.start()], stem[found.end() :]):
        words = re.split(r"[ _-]+", part.strip(" _-().,"))
        if any(word and not re.fullmatch(rf"(?:{VERSION}|\d+)", word, re.IGNORECASE) for word in words):
            return tidy(part.strip(" _-(),"))
    return ""
