"""The nbgrader course folder: its settings, and a source notebook for each exercise.

Notebooks are made of `solutions/` and the checks. Cells carry nbgrader's metadata, version 3: nbgraderformat/v3.json
and v3.py of nbgrader 0.9.6. A graded function has a solution cell, whose id is the function's name, and one grade cell,
`check-` and that name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from autograder.authoring import catalog, regions, stubs
from autograder.authoring.check_source import WrittenCheck, read_checks
from autograder.authoring.notebook import NotebookCell, render, script_cells
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.files import templates, write_beside
from autograder.submissions import grade_cell

CONFIG = Path("nbgrader_config.py")
HEADER = Path("source", "header.ipynb")
GRADE_ID = "check-{}"  # of the grade cell of a function

TEMPLATES = templates(Path(__file__).parent / "templates")

Deed = Literal["written", "up to date", "left alone"]


@dataclass(frozen=True)
class WrittenFile:
    """A file of the course folder, and what was done about it."""

    path: Path
    deed: Deed

    def __str__(self) -> str:
        advice = ", for it is not as the kit writes it; --force overwrites it" if self.deed == "left alone" else ""
        return f"{self.path.as_posix()}: {self.deed}{advice}"


def write_course(kit: Path, output: Path, course: str, *, force: bool = False) -> tuple[WrittenFile, ...]:
    """Write the course folder; return what became of each file, by its path in the folder.

    The settings are never overwritten, other files that differ only with `force`. UserError, and nothing is written,
    where a source is faulty.
    """
    files = contents(kit, course)
    return tuple(_put(output, path, data, may_overwrite=force and path != CONFIG) for path, data in files.items())


def contents(kit: Path, course: str) -> dict[Path, bytes]:
    """Return the files of the course folder by their path in it; the same bytes every time."""
    config = TEMPLATES.get_template(f"{CONFIG}.j2").render(course=course, header=HEADER.as_posix())
    header = NotebookCell("markdown", TEMPLATES.get_template("header.md.j2").render().strip(), "header")
    files = {CONFIG: config.encode(), HEADER: render([header]).encode()}
    for exercise in catalog.exercises(kit):
        folder = Path("source", exercise.name)
        files[folder / f"{exercise.name}.ipynb"] = render(source_notebook(exercise)).encode()
        data = sorted(path for pattern in ("*.csv", "README.md") for path in (kit / "datasets").glob(pattern))
        files |= {folder / picture: data for picture, data in stubs.pictures(exercise).items()}
        files |= {folder / "datasets" / path.name: path.read_bytes() for path in data}
    return files


def source_notebook(exercise: Exercise) -> tuple[NotebookCell, ...]:
    """Return nbgrader's source notebook of an exercise. UserError where the kit has no solution, or a faulty one."""
    if exercise.solution is None:
        raise UserError(f"{exercise.kit} has no solutions/{exercise.name}.py; run this in the instructors' kit")
    path, points = f"solutions/{exercise.name}.py", dict(exercise.functions)
    text = exercise.solution.read_text(encoding="utf-8")
    regions.stub(text, path, tuple(points))  # raises where a solution could get through
    return tuple(_graded(exercise, points, script_cells(text, path, tuple(points))))


def _graded(exercise: Exercise, points: dict[str, int], cells: tuple[NotebookCell, ...]) -> Iterator[NotebookCell]:
    checks = read_checks(exercise.checks).checks
    for cell in cells:
        holds_solution = cell.kind == "code" and regions.BEGIN in cell.text
        yield replace(cell, nbgrader=_metadata(cell.id, solution=True)) if holds_solution else cell
        if cell.id in points:
            name, worth = GRADE_ID.format(cell.id), points[cell.id]
            about = _about(cell.id, worth, [check for check in checks if check.function == cell.id])
            text = f"{about}\n{grade_cell.code(exercise.name, cell.id, worth)}"
            yield NotebookCell("code", text, name, _metadata(name, points=worth))


def _metadata(grade_id: str, *, solution: bool = False, points: int | None = None) -> dict[str, object]:
    is_grade = points is not None
    common = {"schema_version": 3, "grade_id": grade_id, "grade": is_grade, "locked": is_grade, "solution": solution}
    return {**common, "task": False} | ({"points": points} if is_grade else {})


def _about(function: str, points: int, checks: list[WrittenCheck]) -> str:
    hidden = sum(check.visibility == "hidden" for check in checks)
    worth = f"{points} {'point' if points == 1 else 'points'}"
    lines = [f"{function}, {worth}: run this cell, as often as you like, to see whether it"]
    lines += [f"  - {check.summary}" for check in checks if check.visibility == "visible"]
    if hidden:
        lines.append(f"{hidden} more {'check runs' if hidden == 1 else 'checks run'} once you have handed in.")
    return "\n".join(f"# {line}" for line in lines)


def _put(output: Path, path: Path, data: bytes, *, may_overwrite: bool) -> WrittenFile:
    target = output / path
    try:
        found = target.read_bytes() if target.exists() else None
        if found == data:
            return WrittenFile(path, "up to date")
        if found is not None and not may_overwrite:
            return WrittenFile(path, "left alone")
        target.parent.mkdir(parents=True, exist_ok=True)
        write_beside(target, data)
    except OSError as error:
        raise UserError(f"{target} cannot be written ({error.strerror}); choose another folder") from error
    return WrittenFile(path, "written")
