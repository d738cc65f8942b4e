"""The bridge to nbgrader: its autograding done by our grader, and scores put into its gradebook.

Nothing else imports nbgrader. What is replaced is named by configuration (`use_kit`), as documented for nbgrader 0.9.6:
nbgrader/converters/autograde.py and nbgrader/api.py.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
)
from traitlets import Enum

from autograder.authoring import catalog
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.grading.service import RestartingService
from autograder.model import GradingSpec
from autograder.nbgrader.course_folder import GRADE_ID
from autograder.submissions.definitions import definitions
from autograder.submissions.submission import read_submission

if TYPE_CHECKING:
    from autograder.model import Submission

WIDTH = 100  # columns of the feedback
TITLE = "# How it went"  # the text of the cell that holds the grader's remarks
GRADED_AS = re.compile(r'check\(\\"(\w+)\\",')  # a grade cell in a notebook's file

Resources = dict[str, Any]
Node = Any  # nbformat's: its functions are not typed


def use_kit(config: Any) -> None:
    """Let nbgrader grade the kit's exercises by our grader; what it does with other assignments stays as it is."""
    stock = "nbgrader.preprocessors."
    config.Autograde.exporter_class = f"{__name__}.KitExporter"
    config.Autograde.sanitize_preprocessors = [f"{__name__}.KitSanitize"]
    config.Autograde.autograde_preprocessors = [
        f"{__name__}.KitExecute",
        *(stock + name for name in ("IgnorePattern", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties")),
        stock + "CheckCellMetadata",
    ]


# Which notebooks are ours ------------------------------------------------------------------------------------------


def _exercise(root: Path, resources: Resources) -> Exercise | None:
    """Return the exercise whose notebook is being graded; None where it is not one of the kit's."""
    name = resources["nbgrader"]["notebook"]
    if name not in catalog.exercise_names():
        return None
    exercise = catalog.find_exercise(_kit(root), name)
    known = {GRADE_ID.format(function) for function, _ in exercise.functions}
    with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
        notebook = gradebook.find_notebook(name, resources["nbgrader"]["assignment"])
        return exercise if any(cell.name in known for cell in notebook.grade_cells) else None


def _kit(root: Path) -> Path:
    """Return the kit around the course folder, else the one that this package lies in."""
    try:
        return catalog.find_kit(root)
    except UserError:
        return catalog.find_kit(Path(__file__).parent)


class KitExporter(NotebookExporter):
    """Reads a notebook whatever its state: of a damaged one, it takes what code our own reader finds."""

    def from_file(self, file_stream: Any, resources: Resources | None = None, **options: Any) -> Any:
        """Convert the notebook in an open file."""
        notebook = _readable(Path(file_stream.name))
        return self.from_notebook_node(notebook, resources=resources, **options)  # type: ignore[no-untyped-call]


def _readable(path: Path) -> Node:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without an id
            notebook = nbformat.reads(path.read_bytes().decode("utf-8-sig"), as_version=4)
            nbformat.validate(notebook, relax_add_props=True)
            nbformat.writes(notebook).encode()  # a lone surrogate could not be written
    except Exception:  # noqa: BLE001 - a damaged file leads anywhere
        return _rebuilt(path)
    return notebook


def _rebuilt(path: Path) -> Node:
    try:
        cells = read_submission(path).cells
    except UserError:
        cells = ()
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.code) for cell in cells])


# Sanitizing: submitted/ -> autograded/ -----------------------------------------------------------------------------


class KitSanitize(NbGraderPreprocessor):  # type: ignore[misc]
    """Brings a submitted notebook of ours into order; other notebooks go through nbgrader's own steps.

    Students' cells and their outputs stay as they are. Which cells are graded is for the gradebook to say: nbgrader's
    metadata, the text of locked cells and cells that were deleted are restored from there.
    """

    STOCK = (ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata)

    def preprocess(self, nb: Node, resources: Resources) -> tuple[Node, Resources]:
        """Return the notebook in order."""
        if _exercise(Path.cwd(), resources) is None:
            for step in self.STOCK:
                nb, resources = step(parent=self.parent)(nb, resources)
            return nb, resources
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            _restore(nb, gradebook.find_notebook(about["notebook"], about["assignment"]))
        return nb, resources


def _restore(nb: Node, original: Any) -> None:
    """Restore what nbgrader knows of a notebook's cells; of a cell that is there twice, the last one counts."""
    masters = {cell.name: cell for cell in original.source_cells}
    metadata = {name: _metadata(master, original) for name, master in masters.items()}
    found: dict[str, int] = {}
    for place, cell in enumerate(nb.cells):
        claimed = cell.metadata.pop("nbgrader", None)
        name = claimed.get("grade_id") if isinstance(claimed, dict) else None
        if isinstance(name, str) and name in masters:
            found[name] = place
    for name, place in found.items():
        _overwrite(nb.cells[place], masters[name], metadata[name])
    for name in [name for name in masters if name not in found and _is_scored(metadata[name])]:
        _insert(nb, found, name, _cell(masters[name], metadata[name]))


def _metadata(master: Any, original: Any) -> dict[str, Any]:
    graded = {cell.name: cell.max_score for cell in original.grade_cells}
    tasks = {cell.name: cell.max_score for cell in original.task_cells}
    points = (graded | tasks).get(master.name)
    return {
        "schema_version": 3,
        "grade_id": master.name,
        "grade": master.name in graded,
        "solution": any(cell.name == master.name for cell in original.solution_cells),
        "locked": bool(master.locked),
        "task": master.name in tasks,
        "checksum": master.checksum,
        "cell_type": master.cell_type,
    } | ({} if points is None else {"points": points})


def _is_scored(metadata: Mapping[str, Any]) -> bool:
    return bool(metadata["grade"] or metadata["task"])


def _overwrite(cell: Node, master: Any, metadata: dict[str, Any]) -> None:
    text = master.source if master.locked else cell.source
    restored = _cell(master, metadata, text)
    kept = {"id": cell["id"]} if "id" in cell else {}
    if cell.cell_type == "code" == master.cell_type and not metadata["grade"]:
        restored.outputs, restored.execution_count = cell.outputs, cell.execution_count
    restored.metadata = nbformat.from_dict({**cell.metadata, **restored.metadata})
    cell.clear()
    cell.update({**{key: value for key, value in restored.items() if key != "id"}, **kept})


def _cell(master: Any, metadata: dict[str, Any], text: str | None = None) -> Node:
    make: Any = nbformat.v4.new_code_cell if master.cell_type == "code" else nbformat.v4.new_markdown_cell
    return make(master.source if text is None else text, metadata={"nbgrader": metadata})


def _insert(nb: Node, found: dict[str, int], name: str, cell: Node) -> None:
    """Put a deleted cell back: a grade cell below its function, any other at the end."""
    answered = next((place for other, place in found.items() if GRADE_ID.format(other) == name), len(nb.cells) - 1)
    nb.cells.insert(answered + 1, _with_id(nb, cell, name))
    for other, place in found.items():
        found[other] = place + (place > answered)


def _with_id(nb: Node, cell: Node, wanted: str) -> Node:
    """Give a cell an id that repeats from run to run, in notebooks whose cells have ids."""
    del cell["id"]
    if (nb.nbformat, nb.nbformat_minor) >= (4, 5):
        taken = {other.get("id") for other in nb.cells}
        cell["id"] = next(
            each for each in (wanted, *(f"{wanted}-{n}" for n in range(len(taken) + 1))) if each not in taken
        )
    return cell


# Autograding -------------------------------------------------------------------------------------------------------


class KitExecute(Execute):  # type: ignore[misc]
    """Grades a notebook of ours in the sandbox instead of running it; other notebooks are run as ever.

    Each grade cell gets its points as its value and its feedback as its output, which `SaveAutoGrades` then reads.
    """

    isolation: Any = Enum(
        ["sandbox", "process"], "sandbox", help="How submissions are kept apart; where it cannot be, none is graded."
    ).tag(config=True)

    def preprocess(self, nb: Node, resources: Resources | None = None, km: Any = None) -> tuple[Node, Resources]:
        """Return the notebook with outputs; GraderError where the grader itself failed, so that no score is changed."""
        if resources is None:
            raise GraderError("nbgrader has not said whose notebook this is")
        exercise = _exercise(Path.cwd(), resources)
        if exercise is None:
            graded: tuple[Node, Resources] = super().preprocess(nb, resources, km)
            return graded
        about = resources["nbgrader"]
        _require_known_cells(nb, exercise)
        order = GradingSpec(exercise, self.isolation, secret=os.environ.get("COURSE_SECRET", ""))
        verdict = _verdict(order, self._submitted(about), about["student"])
        for line in verdict.reasons:
            self.log.warning("%s of %s: %s", about["notebook"], about["student"], line)
        _fill(nb, verdict)
        return nb, resources

    def _submitted(self, about: Mapping[str, str]) -> Path:
        folders = self.parent.parent.coursedir
        folder = folders.format_path(folders.submitted_directory, about["student"], about["assignment"])
        return Path(folder, f"{about['notebook']}.ipynb")


@dataclass(frozen=True)
class _Verdict:
    """What goes into a notebook: remarks on the whole, and for each function whether it is right, and its feedback."""

    remarks: str
    functions: Mapping[str, tuple[bool, str]]
    reasons: tuple[str, ...] = ()


@cache
def _warm() -> RestartingService:
    """The grader of this run of nbgrader."""
    return RestartingService()


def _verdict(order: GradingSpec, path: Path, student: str) -> _Verdict:
    exercise = order.exercise
    try:
        submission = replace(read_submission(path, student), path=Path(path.name))  # as the student knows it
    except UserError as error:
        reason = str(error).replace(str(path), path.name)
        return _Verdict(f"{reason}\n", {name: (False, f"{reason}\n") for name, _ in exercise.functions}, (reason,))
    report = _warm().grade(order, submission)
    errored = [result.check.name for result in report.checks if result.outcome == "errored"]
    if errored:
        raise GraderError(f"the grader itself failed in the check {errored[0]}; no score was changed")
    from autograder.report.text import render_function, render_remarks

    reasons = tuple(_reasons(exercise, submission, path))
    remarks = "".join(f"{reason}\n" for reason in reasons) + render_remarks(report, width=WIDTH)
    functions = {
        result.name: (result.outcome == "passed", render_function(report, result.name, width=WIDTH))
        for result in report.functions
    }
    return _Verdict(remarks, functions, reasons)


def _reasons(exercise: Exercise, submission: Submission, path: Path) -> Iterator[str]:
    """Say what is odd about a notebook as a whole."""
    others = set(GRADED_AS.findall(path.read_text(encoding="utf-8", errors="replace"))) - {exercise.name}
    defined = {name for cell in submission.cells for name in definitions(cell.code)}
    if not submission.cells:
        yield "there is no code in this notebook"
    elif others and exercise.name not in GRADED_AS.findall(path.read_text(encoding="utf-8", errors="replace")):
        yield f"this is the notebook of {min(others)}, handed in as that of {exercise.name}; hand in the right one"
    elif not defined.intersection(dict(exercise.functions)):
        yield f"none of the functions of {exercise.name} is in this notebook; hand in the right one"


def _require_known_cells(nb: Node, exercise: Exercise) -> None:
    """Refuse a test cell that nobody would run: nbgrader gives full points to one without outputs."""
    known = {GRADE_ID.format(function) for function, _ in exercise.functions}
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") and not about.get("solution") and about["grade_id"] not in known:
            what = "put tests of your own into a notebook of its own"
            raise GraderError(
                f"the cell {about['grade_id']} is none of the kit's, which does not run notebooks; {what}"
            )


def _fill(nb: Node, verdict: _Verdict) -> None:
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") and not about.get("solution"):
            is_right, feedback = verdict.functions[_function(about["grade_id"])]
            points = float(about["points"]) if is_right else 0.0
            cell.outputs = [_printed(feedback), _value(f"{points:g}")]
    remarks = nbformat.v4.new_code_cell(TITLE, outputs=[_printed(verdict.remarks)])
    nb.cells.insert(0, _with_id(nb, remarks, "remarks"))


def _function(grade_id: str) -> str:
    return grade_id.removeprefix(GRADE_ID.format(""))


def _printed(text: str) -> Node:
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def _value(text: str) -> Node:
    return nbformat.v4.new_output("execute_result", data={"text/plain": text})


# Scores without notebooks ------------------------------------------------------------------------------------------

Row = tuple[str, Mapping[str, float], datetime | str | None]  # student, points by function, time of handing in


@dataclass(frozen=True)
class Change:
    """A student's score in the gradebook before and after a writing; `before` is None where there is none yet.

    Manual scores and extra credit are in both, late penalties in neither.
    """

    student: str
    before: float | None
    after: float

    def __str__(self) -> str:
        before = "not graded" if self.before is None else f"{self.before:g}"
        return f"{self.student}: {before} before, {self.after:g} now"


def write_scores(url: str, exercise: Exercise, rows: Iterable[Row]) -> None:
    """Put a class's points for an exercise into a gradebook, a short transaction for each student.

    `url` is a database's, or the path of an SQLite file, which is made where there is none. Manual scores and extra
    credit stay; a student who has a manual score is marked for review, as nbgrader does. UserError where the gradebook
    cannot be used, or holds other cells than the exercise has functions.
    """
    with _opened(url) as gradebook:
        _require_cells(gradebook, exercise)
        for student, points, handed_in in rows:
            gradebook.update_or_create_student(student)
            given = {} if handed_in is None else {"timestamp": handed_in}
            gradebook.update_or_create_submission(exercise.name, student, **given)
            for function, score in points.items():
                grade = gradebook.find_grade(GRADE_ID.format(function), exercise.name, exercise.name, student)
                grade.auto_score = float(score)
                grade.needs_manual_grade = grade.manual_score is not None
            gradebook.db.commit()


def compare(url: str, exercise: Exercise, rows: Iterable[Row]) -> tuple[Change, ...]:
    """Return what `write_scores` would change, without writing anything; UserError as there."""
    address = _address(url)
    path = address.removeprefix("sqlite:///").partition("?")[0]
    if address.startswith("sqlite:///") and not Path(path).exists():
        return tuple(Change(student, None, sum(points.values())) for student, points, _ in rows)
    with _opened(url, course="") as gradebook:  # no course is added for an empty id
        return tuple(_change(gradebook, exercise, student, points) for student, points, _ in rows)


def _change(gradebook: Any, exercise: Exercise, student: str, points: Mapping[str, float]) -> Change:
    new = {GRADE_ID.format(function): float(score) for function, score in points.items()}
    try:
        grades = gradebook.find_submission_notebook(exercise.name, exercise.name, student).grades
    except MissingEntry:
        return Change(student, None, sum(new.values()))
    is_graded = any(grade.auto_score is not None or grade.manual_score is not None for grade in grades)
    return Change(
        student,
        sum(_counted(grade, grade.auto_score) for grade in grades) if is_graded else None,
        sum(_counted(grade, new.get(grade.name, grade.auto_score)) for grade in grades),
    )


def _counted(grade: Any, auto_score: float | None) -> float:
    """Return a grade's points, a manual score before an automatic one, with extra credit (nbgrader.api.Grade.score)."""
    score = grade.manual_score if grade.manual_score is not None else auto_score
    return 0.0 if score is None else float(score + (grade.extra_credit or 0.0))


@contextmanager
def _opened(url: str, course: str = "default_course") -> Iterator[Any]:
    from sqlalchemy.exc import SAWarning, SQLAlchemyError

    try:
        with warnings.catch_warnings(), _gradebook(_address(url), course) as gradebook:
            warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own ways
            yield gradebook
    except (SQLAlchemyError, MissingEntry, InvalidEntry, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise UserError(f"the gradebook {url} cannot be used ({reason}); check its address, or try again") from error


def _gradebook(address: str, course: str) -> Any:
    """Open a gradebook. To make a new one, nbgrader calls `alembic`, which lies beside our interpreter."""
    path = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
    try:
        return Gradebook(address, course)
    finally:
        os.environ["PATH"] = path


def _address(url: str) -> str:
    """Return the address of a database; SQLite is told to wait for others rather than give up after 5 seconds."""
    address = url if "://" in url else f"sqlite:///{url}"
    return f"{address}?timeout=60" if address.startswith("sqlite:") and "?" not in address else address


def _require_cells(gradebook: Any, exercise: Exercise) -> None:
    """Make the exercise's grade cells where the gradebook has no notebook of it; UserError where it has other cells."""
    wanted = {GRADE_ID.format(function): float(points) for function, points in exercise.functions}
    try:
        notebook = gradebook.find_notebook(exercise.name, exercise.name)
    except MissingEntry:
        gradebook.update_or_create_assignment(exercise.name)
        gradebook.add_notebook(exercise.name, exercise.name)
        for name, points in wanted.items():
            gradebook.add_grade_cell(name, exercise.name, exercise.name, max_score=points, cell_type="code")
        return
    found = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    odd = sorted(name for name, points in wanted.items() if found.get(name) != points)
    if odd:
        what = f"has not the kit's cell {odd[0]} with {wanted[odd[0]]:g} points"
        raise UserError(f"the gradebook {what}; run `nbgrader generate_assignment {exercise.name} --force` first")
