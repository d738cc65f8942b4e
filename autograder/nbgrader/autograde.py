"""nbgrader's autograding done by our grader.

What is replaced is named by configuration (`use_kit`), as documented for nbgrader 0.9.6:
nbgrader/converters/autograde.py and nbgrader/preprocessors.
"""

import copy
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader import preprocessors
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning
from traitlets import Enum

from autograder.authoring import catalog
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.grading.service import RestartingService
from autograder.model import FunctionResult, GradingSpec, Submission
from autograder.nbgrader.harmless import make_harmless
from autograder.report import words
from autograder.submissions import grade_cell
from autograder.submissions.outline import line_of
from autograder.submissions.submission import read_submission

WIDTH = 100  # columns of the feedback
TITLE = "# How it went"  # the text of the cell that holds the grader's remarks
AGAIN = "run `course nbgrader --force`, `nbgrader generate_assignment --force` and `nbgrader autograde --force`"

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
    config.GenerateFeedback.preprocessors = [KitGetGrades, CSSHTMLHeaderPreprocessor]
    # Of nbgrader's own ways, three for each new student: what is to be seen to would drown in them.
    warnings.filterwarnings("ignore", category=SAWarning)


@dataclass(frozen=True)
class _Assigned:
    """What nbgrader has released of an exercise of ours: the cells by name, as they were."""

    exercise: Exercise
    masters: Mapping[str, Node]

    def odd_points(self) -> Iterator[str]:
        """Say where the checks have been given other points since."""
        name = self.exercise.name
        wanted = {grade_cell.ID.format(function): points for function, points in self.exercise.functions}
        held = {key: cell.metadata.nbgrader.points for key, cell in self.masters.items() if key in wanted}
        differing = [
            f"{key} ({points} in the checks, {f'{held[key]:g}' if key in held else 'no cell'} in the notebook)"
            for key, points in wanted.items()
            if held.get(key) != points
        ]
        if differing:
            yield f"{name} was released with other points than its checks have by now: {', '.join(differing)}; {AGAIN}"


def _assigned(exporter: "KitExporter", resources: Resources) -> _Assigned | None:
    """Return what was released of the notebook that is being graded; None where it is not one of the kit's."""
    about = resources["nbgrader"]
    which = about["notebook"], about["assignment"]
    if which not in exporter.assigned:
        exporter.assigned[which] = found = _released(*which, about["db_url"])
        for line in found.odd_points() if found else ():
            exporter.warn(line)
    return exporter.assigned[which]


def _released(name: str, assignment: str, url: str) -> _Assigned | None:
    if name not in catalog.exercise_names():
        return None
    exercise = catalog.find_exercise(_kit(Path.cwd()), name)
    known = {grade_cell.ID.format(function) for function, _ in exercise.functions}
    with Gradebook(url) as gradebook:
        notebook = gradebook.find_notebook(name, assignment)
        if not any(cell.name in known for cell in notebook.grade_cells):
            return None
        return _Assigned(exercise, {cell.name: _master_cell(cell, notebook) for cell in notebook.source_cells})


def _kit(root: Path) -> Path:
    """Return the kit around the course folder, else the one that this package lies in."""
    try:
        return catalog.find_kit(root)
    except UserError:
        return catalog.find_kit(Path(__file__).parent)


class KitExporter(NotebookExporter):
    """Reads a notebook whatever its state: of a damaged one, it takes what code our own reader finds.

    There is one a run of nbgrader, so that it keeps what a run knows: `assigned`, by notebook and assignment, and what
    is to be seen to, which is told again when the run ends. nbgrader writes much in between.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self.assigned: dict[tuple[str, str], _Assigned | None] = {}
        self._told: list[str] = []
        run: Any = self.parent
        if convert := getattr(run, "convert_notebooks", None):  # nbgrader has no hook for the end of a run
            run.convert_notebooks = lambda: self._to_its_end(convert)

    def _to_its_end(self, convert: Callable[[], None]) -> None:
        try:
            convert()
        finally:
            for line in ["to be seen to:", *(f"  {line}" for line in self._told)] if self._told else []:
                self.log.warning(line)

    def warn(self, line: str) -> None:
        """Say what is to be seen to."""
        self.log.warning(line)
        self._told.append(line)

    def from_file(self, file_stream: Any, resources: Resources | None = None, **options: Any) -> Any:
        notebook = _readable(Path(file_stream.name))
        return self.from_notebook_node(notebook, resources=resources, **options)  # type: ignore[no-untyped-call]


def _readable(path: Path) -> Node:
    try:
        with warnings.catch_warnings(action="ignore"):  # of cells without an id
            notebook = nbformat.reads(path.read_bytes().decode("utf-8-sig"), as_version=4)
            nbformat.validate(notebook, relax_add_props=True)
            nbformat.writes(notebook).encode()  # a lone surrogate could not be written
    except Exception:  # noqa: BLE001 - a damaged file leads anywhere
        notebook = nbformat.v4.new_notebook()
        with suppress(UserError):
            notebook.cells = [nbformat.v4.new_code_cell(cell.code) for cell in read_submission(path).cells]
    return notebook


class KitSanitize(preprocessors.NbGraderPreprocessor):  # type: ignore[misc]
    """Brings a submitted notebook of ours into order; other notebooks go through nbgrader's own steps.

    Students' cells stay as they are, but for what would be alive in a browser. Which cells are graded is for the
    gradebook to say: nbgrader's metadata, the text of locked cells and cells that were deleted are restored from there.
    """

    STOCK = ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")

    def preprocess(self, nb: Node, resources: Resources) -> tuple[Node, Resources]:
        """Return the notebook in order."""
        assigned = _assigned(self.parent, resources)
        if assigned is None:
            for step in self.STOCK:
                nb, resources = getattr(preprocessors, step)(parent=self.parent)(nb, resources)
            return nb, resources
        make_harmless(nb)
        _restore(nb, copy.deepcopy(dict(assigned.masters)))
        return nb, resources


def _restore(nb: Node, masters: Mapping[str, Node]) -> None:
    """Restore what nbgrader knows of a notebook's cells; of a cell that is there twice, the last one counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(nb.cells):
        claimed = cell.metadata.pop("nbgrader", None)
        name = claimed.get("grade_id") if isinstance(claimed, dict) else None
        if isinstance(name, str) and name in masters:
            found[name] = place
    for name, place in found.items():
        _overwrite(nb.cells[place], masters[name])
    for name, master in masters.items():
        if name not in found and (master.metadata.nbgrader.grade or master.metadata.nbgrader.task):
            _insert(nb, found, name, master)


def _master_cell(source: Any, original: Any) -> Node:
    """Return a cell as nbgrader released it."""
    graded = {cell.name: cell.max_score for cell in original.grade_cells}
    tasks = {cell.name: cell.max_score for cell in original.task_cells}
    points = (graded | tasks).get(source.name)
    about = {
        "schema_version": 3,
        "grade_id": source.name,
        "grade": source.name in graded,
        "solution": any(cell.name == source.name for cell in original.solution_cells),
        "locked": bool(source.locked),
        "task": source.name in tasks,
        "checksum": source.checksum,
        "cell_type": source.cell_type,
    } | ({} if points is None else {"points": points})
    make: Any = nbformat.v4.new_code_cell if source.cell_type == "code" else nbformat.v4.new_markdown_cell
    return make(source.source, metadata={"nbgrader": about})


def _overwrite(cell: Node, master: Node) -> None:
    """Make a student's cell what it was released as, but for what is theirs: text that is not locked, and outputs."""
    about = master.metadata.nbgrader
    kept = {"id": cell["id"]} if "id" in cell else {}
    if not about.locked:
        kept["source"] = cell.source
    if cell.cell_type == "code" == master.cell_type and not about.grade:
        kept |= {"outputs": cell.outputs, "execution_count": cell.execution_count}
    metadata = nbformat.from_dict({**cell.metadata, **master.metadata})
    cell.clear()
    cell.update({key: value for key, value in master.items() if key != "id"} | kept | {"metadata": metadata})


def _insert(nb: Node, found: dict[str, int], name: str, cell: Node) -> None:
    """Put a deleted cell back: a grade cell below its function, any other at the end."""
    answered = next((place for other, place in found.items() if grade_cell.ID.format(other) == name), len(nb.cells) - 1)
    nb.cells.insert(answered + 1, _with_id(nb, cell, name))
    for other, place in found.items():
        found[other] = place + (place > answered)


def _with_id(nb: Node, cell: Node, wanted: str) -> Node:
    """Give a cell an id that repeats from run to run, in notebooks whose cells have ids."""
    del cell["id"]
    if (nb.nbformat, nb.nbformat_minor) >= (4, 5):
        taken = {other.get("id") for other in nb.cells}
        ids = wanted, *(f"{wanted}-{n}" for n in range(len(taken) + 1))
        cell["id"] = next(each for each in ids if each not in taken)
    return cell


class KitExecute(preprocessors.Execute):  # type: ignore[misc]
    """Grades a notebook of ours in the sandbox instead of running it; other notebooks are run as ever.

    Each grade cell gets its points as its value and its feedback as its output, which `SaveAutoGrades` then reads.
    """

    isolation: Any = Enum(
        ["sandbox", "process"], "sandbox", help="How submissions are kept apart; where it cannot be, none is graded."
    ).tag(config=True)
    credit: Any = Enum(
        ["function", "check"], "function", help="A function earns its points as a whole, or check by check."
    ).tag(config=True)

    def preprocess(self, nb: Node, resources: Resources, km: Any = None) -> tuple[Node, Resources]:
        """Return the notebook with outputs; GraderError where the grader itself failed, so that no score is changed."""
        assigned = _assigned(self.parent, resources)
        if assigned is None:
            return super().preprocess(nb, resources, km)  # type: ignore[no-any-return]
        about = resources["nbgrader"]
        secret = os.environ.get("COURSE_SECRET", "")
        order = GradingSpec(assigned.exercise, self.isolation, secret=secret, credit=self.credit)
        verdict = _verdict(order, self._submitted(about), about["student"])
        for line in verdict.reasons:
            self.parent.warn(f"{about['notebook']} of {about['student']}: {line}")
        _fill(nb, verdict)
        return nb, resources

    def _submitted(self, about: Mapping[str, str]) -> Path:
        folders = self.parent.parent.coursedir
        folder = folders.format_path(folders.submitted_directory, about["student"], about["assignment"])
        return Path(folder, f"{about['notebook']}.ipynb")


class KitGetGrades(preprocessors.GetGrades):  # type: ignore[misc]
    """Says on a page of feedback what lateness took, too: the remarks on top are from before that was known."""

    def preprocess(self, nb: Node, resources: Resources) -> tuple[Node, Resources]:
        """Return the notebook with its grades and, in its remarks, a line more."""
        nb, resources = super().preprocess(nb, resources)
        about = resources["nbgrader"]
        if about["late_penalty"] and nb.cells and nb.cells[0].source == TITLE:
            earned = words.number(about["score"] + about["late_penalty"])
            taken, counts = words.number(about["late_penalty"]), words.number(max(0.0, about["score"]))
            nb.cells[0].outputs.append(_printed(f"\n{earned} points earned; lateness takes {taken}: {counts} count\n"))
        return nb, resources


@dataclass(frozen=True)
class _Verdict:
    """What goes into a notebook: remarks on the whole, and for each grade cell the earned part of 1, and feedback."""

    remarks: str
    cells: Mapping[str, tuple[float, str]]
    reasons: tuple[str, ...] = ()


@cache
def _warm() -> RestartingService:
    """The grader of this run of nbgrader."""
    return RestartingService()


def _verdict(order: GradingSpec, path: Path, student: str) -> _Verdict:
    from autograder.report.text import render_function, render_remarks

    try:
        submission = replace(read_submission(path, student), path=Path(path.name))  # as the student knows it
    except UserError as error:
        reason = str(error).replace(str(path), path.name)
        cells = {grade_cell.ID.format(name): (0.0, f"{reason}\n") for name, _ in order.exercise.functions}
        return _Verdict(f"{reason}\n", cells, (reason,))
    report = _warm().grade(order, submission)
    errored = [result.check.name for result in report.checks if result.outcome == "errored"]
    if errored:
        raise GraderError(f"the grader itself failed in the check {errored[0]}; no score was changed")
    reasons = tuple(_reasons(order.exercise, submission, path))
    remarks = "".join(f"{reason}\n" for reason in reasons) + render_remarks(report, width=WIDTH)
    cells = {
        grade_cell.ID.format(one.name): (_part(one), render_function(report, one.name, width=WIDTH))
        for one in report.functions
    }
    return _Verdict(remarks, cells, reasons)


def _part(one: FunctionResult) -> float:
    return one.score / one.max_score if one.max_score else float(one.outcome == "passed")


def _reasons(exercise: Exercise, submission: Submission, path: Path) -> Iterator[str]:
    """Say what is odd about a notebook as a whole."""
    graded_as = grade_cell.exercises(path.read_text(encoding="utf-8", errors="replace"))
    if not submission.cells:
        yield "there is no code in this notebook"
    elif graded_as and exercise.name not in graded_as:
        yield f"this is the notebook of {min(graded_as)}, handed in as that of {exercise.name}; hand in the right one"
    elif not any(line_of(cell.code, name) for cell in submission.cells for name, _ in exercise.functions):
        yield f"none of the functions of {exercise.name} is in this notebook; hand in the right one"


def _fill(nb: Node, verdict: _Verdict) -> None:
    """Put points and feedback into the grade cells, and remarks on top; GraderError for a cell that nobody has judged.

    nbgrader gives full points to a test cell without outputs.
    """
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") and not about.get("solution"):
            name = about["grade_id"]
            if name not in verdict.cells:
                what = "put tests of your own into a notebook of its own"
                raise GraderError(f"the cell {name} is none of the kit's, which does not run notebooks; {what}")
            part, feedback = verdict.cells[name]
            points = round(part * about["points"], 2)
            value = nbformat.v4.new_output("execute_result", data={"text/plain": f"{points:g}"})
            cell.outputs = [_printed(feedback), value]
    remarks = nbformat.v4.new_code_cell(TITLE, outputs=[_printed(verdict.remarks)])
    nb.cells.insert(0, _with_id(nb, remarks, "remarks"))


def _printed(text: str) -> Node:
    return nbformat.v4.new_output("stream", name="stdout", text=text)
