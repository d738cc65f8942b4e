"""What carries the students' pages to them: a zip for Moodle or Canvas, or a table for a mail program.

Moodle takes a zip under "Upload multiple feedback files in a zip" (mod/assign/feedback/file/importziplib.php): the
folder `<name>_<number>_assignsubmission_file_` says whose the files in it are. The number is the participant's in this
assignment, and the name, which may have no underscore, does not count.

Canvas takes a zip under "Upload Submissions" (`Assignment#generate_comments_from_files`): each file becomes a comment's
attachment, if it is called as in the download of submissions, with the number of the student and that of the file. It
is shown under the name of the student's file, so that it has to be of that kind: a script of comments, a notebook
with one cell of text, a zip with the page.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal

from autograder import files
from autograder.classroom import downloads
from autograder.classroom.exports.csv import defused
from autograder.classroom.exports.moodle import participants
from autograder.classroom.exports.sheet import number, written
from autograder.classroom.names import file_stem, some
from autograder.classroom.plain_text import plain_text
from autograder.classroom.room import make_folder
from autograder.classroom.store import Store
from autograder.classroom.term import Term, TermRow, read_term
from autograder.classroom.term_page import render_student
from autograder.errors import UserError

Form = Literal["moodle", "canvas", "mail-merge"]
MEND = "name another --output"
MOODLE, ANONYMOUS_CANVAS = downloads.SURE[:2]
TERM = "course"  # what a term page is called beside those of exercises
NO_NUMBER = "no number in Moodle: {}; grade the download from Moodle, or name its grading worksheet with --into"
NO_NAME = "not from a download of submissions from Canvas, and so without a page: {}; grade that zip"
NO_ADDRESS = "no address: {}; give `course grade` a --roster with a column email"
LOST = "no page in the folder: {}; run `course grade` again"
NO_PAGE = "no verdict yet, and so no page: {}; run `course grade` again"
NO_WORK = "not graded, and so no page: {}; `course grade` says what is wrong with what they handed in"
NOTHING = "nothing handed in, and so no page: {}"
MOODLE_COURSE = (
    "numbers in Moodle are an assignment's own; name the exercise with --exercise, or with --into the grading "
    "worksheet of the assignment that is to take the pages"
)
CANVAS_COURSE = "in Canvas, pages go to what was handed in for an assignment; name the exercise with --exercise"


@dataclass(frozen=True)
class Letter:
    """What a student gets: `pages` gives them by name, as those of a class are many.

    `file` is where the submission lay, '' for a term. `places` are files that hold pages already: `file` the one that
    is meant, and others by the exercise.
    """

    student: str
    file: str
    score: float
    max_score: int
    pages: Callable[[], Mapping[str, str]]
    places: Mapping[str, Path]
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Carried:
    """How many students a file has pages for, and lines about those whom it has none for."""

    path: Path
    count: int
    lines: tuple[str, ...]


def carry(store: Store, form: Form, exercise: str, worksheet: bytes | None, output: Path | None) -> Carried:
    """Write what carries pages in this form, of an exercise or, where none is named, of a course's term.

    UserError for what cannot be. A zip or table is written whole or not at all.
    """
    is_term = store.is_course and not exercise
    if is_term and form != "mail-merge" and (form == "canvas" or worksheet is None):
        raise UserError(CANVAS_COURSE if form == "canvas" else MOODLE_COURSE)
    if worksheet is not None and form != "moodle":
        raise UserError("--into is the grading worksheet from Moodle; leave it out")
    if output is not None and not output.absolute().parent.is_dir():
        raise UserError(f"{output.parent} is no folder; {MEND}")
    chosen = store if is_term else store.of(exercise) if exercise else store
    letters, without = _of_term(chosen, form) if is_term else _of_exercise(chosen)
    if form == "mail-merge":
        carried = _mail(letters, output or store.folder / "mail-merge.csv")
    else:
        path = output or store.folder / f"feedback-{form}.zip"
        names_of = store.roster.names_of
        carried = _moodle(letters, worksheet, path, names_of) if form == "moodle" else _canvas(letters, path)
    return replace(carried, lines=(*carried.lines, *without))


# Whose pages there are


def _of_exercise(store: Store) -> tuple[list[Letter], list[str]]:
    """Return the pages about an exercise, and a line about each kind of student whom there is none for."""
    letters, unready = [], []
    folder = store.folder / (store.exercise if store.is_course else "") / "feedback"
    for row in store.rows():
        if row.is_errored:
            unready.append(row.student)
            continue
        found = store.roster.find(row.student)
        name, email = (found.name, found.email) if found else ("", "")
        email = email or (row.student if "@" in row.student else "")
        pages = partial(_exercise_page, store, row.student)
        places = {"file": folder / f"{file_stem(row.student)}.html"}
        letters.append(Letter(row.student, row.file, row.score, row.max_score, pages, places, name, email))
    refused = sorted(store.refused_students.difference(unready, (one.student for one in letters)))
    nothing = [one.student for one in store.roster.missing(store.submitters)]
    return letters, [*_line(NO_PAGE, unready), *_line(NO_WORK, refused), *_line(NOTHING, nothing)]


def _exercise_page(store: Store, student: str) -> dict[str, str]:
    return {f"{store.exercise}.html": store.files_of(student)[1]}


def _of_term(store: Store, form: Form) -> tuple[list[Letter], list[str]]:
    """Return the pages of a term, with those of exercises where they go into one folder, and who has none."""
    term = read_term(store)
    ready = [row for row in term.rows if row.total is not None]
    letters = []
    for row in ready:
        pages = partial(_term_pages, store, term, row, with_exercises=form == "moodle")
        email = row.email or (row.student if "@" in row.student else "")
        places = {
            exercise.name: store.folder / exercise.name / "feedback" / f"{file_stem(cell.submitter)}.html"
            for exercise, cell in zip(term.exercises, row.cells, strict=True)
            if cell.submitter
        }
        letters.append(Letter(row.student, "", row.total or 0.0, term.points, pages, places, row.name, email))
    return letters, list(_line(NO_PAGE, [row.student for row in term.rows if row.total is None]))


def _term_pages(store: Store, term: Term, row: TermRow, *, with_exercises: bool) -> dict[str, str]:
    link: Callable[[str, str], str] = (lambda exercise, _: f"{exercise}.html") if with_exercises else (lambda *_: "")
    pages = {f"{TERM}.html": render_student(term, row, link_to=link)}
    if with_exercises:
        for exercise, cell in zip(term.exercises, row.cells, strict=True):
            if cell.state in ("graded", "late"):
                pages[f"{exercise.name}.html"] = store.of(exercise.name).files_of(cell.submitter)[1]
    return pages


# Moodle and Canvas


def _moodle(
    letters: Sequence[Letter], worksheet: bytes | None, path: Path, names_of: Callable[[str], Iterable[str]]
) -> Carried:
    students = [one.student for one in letters]
    known = {} if worksheet is None else participants(worksheet, students, names_of)
    entries: list[list[tuple[str, str | bytes]]] = []
    missing = []
    for one in letters:
        match = known.get(one.student) if worksheet is not None else _participant(one.file)
        if not match:
            missing.append(one.student)
            continue
        name, participant = match
        folder = f"{_plain(name)}_{participant}_assignsubmission_file_"
        entries.append([(f"{folder}/{page}", text) for page, text in one.pages().items()])
    return _zipped(path, entries, _line(NO_NUMBER, missing))


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^\w .-]|_", " ", name).split()) or "Participant"


def _participant(file: str) -> tuple[str, str] | None:
    """Return the name and number of a participant, by the path of a submission in a download from Moodle."""
    for part in PurePosixPath(file).parts:
        if match := MOODLE.fullmatch(part):
            name, _, participant = match["student"].rpartition("_")
            return name, participant
    return None


def _canvas(letters: Iterable[Letter], path: Path) -> Carried:
    entries: list[list[tuple[str, str | bytes]]] = []
    missing = []
    for one in letters:
        parts = PurePosixPath(one.file).parts
        called = next((part for part in parts if _is_canvas(PurePosixPath(part).stem)), "")
        content = _as_kind(PurePosixPath(called).suffix.lower(), *one.pages().items())
        if content is None:
            missing.append(one.student)
        else:
            entries.append([(called, content)])
    return _zipped(path, entries, _line(NO_NAME, missing))


def _is_canvas(stem: str) -> bool:
    named = downloads.CANVAS.fullmatch(stem)
    return bool(named and named["file"]) or ANONYMOUS_CANVAS.fullmatch(stem) is not None


def _as_kind(suffix: str, page: tuple[str, str]) -> str | bytes | None:
    """Return a page in a file of a kind that a submission may be; None where it can be in none."""
    if suffix == ".zip":
        return _zip([page])
    text = plain_text(page[1])
    if suffix == ".py":
        return "".join(f"# {line}".rstrip() + "\n" for line in ["Feedback on your file", *text.split("\n")])
    if suffix != ".ipynb":
        return None
    quoted = "\n".join(f"    {line}" for line in text.split("\n"))  # as code, whatever it holds
    cell = {"cell_type": "markdown", "id": "feedback", "metadata": {}, "source": f"Feedback on your file:\n\n{quoted}"}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def _zipped(path: Path, entries: Sequence[Sequence[tuple[str, str | bytes]]], lines: Iterable[str]) -> Carried:
    if entries:
        files.write(path, _zip(entry for one in entries for entry in one), MEND)
    return Carried(path, len(entries), tuple(lines))


def _zip(entries: Iterable[tuple[str, str | bytes]]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            # Dated 1980, so that the same pages make the same bytes.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


# Mail


def _mail(letters: Iterable[Letter], path: Path) -> Carried:
    """Write a table with a line for each student who has a page, and where it lies.

    A page that lies nowhere yet, as one of a term without links, is written into a folder beside the table.
    """
    folder = path.with_name(f"{path.stem}-pages")
    columns, lines, addressless, lost = ["file"], [], [], []
    for one in letters:
        places = dict(one.places)
        if "file" not in places:
            [(_, text)] = one.pages().items()
            make_folder(folder)
            places["file"] = folder / f"{file_stem(one.student)}.html"
            files.write(places["file"], text, MEND)
        if not places["file"].is_file():
            lost.append(one.student)
            continue
        addressless += [] if one.email else [one.student]
        columns += [name for name in places if name not in columns]
        lines.append((one, {name: str(place.absolute()) for name, place in places.items() if place.is_file()}))
    table = [["student", "name", "email", "score", "max_score", *columns]]
    for one, at in lines:
        about = [defused(one.student), defused(one.name), defused(one.email), number(one.score), str(one.max_score)]
        table.append([*about, *(at.get(name, "") for name in columns)])
    if lines:
        files.write(path, written(table), MEND)
    return Carried(path, len(lines), (*_line(NO_ADDRESS, addressless), *_line(LOST, lost)))


def _line(template: str, students: Iterable[str]) -> Iterator[str]:
    names = list(students)
    if names:
        yield template.format(some(names))
