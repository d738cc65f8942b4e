"""What students get, by an allow-list: nothing is in the student kit that is not named here."""

import json
import tomllib
from collections.abc import Container, Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.authoring import catalog, notebook, stubs
from autograder.authoring.check_source import read_checks
from autograder.authoring.originals import FOLDER
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.files import read_bytes, read_text, templates
from autograder.publish.release.freezing import PLOTS, frozen

PACKAGE = Path(__file__).resolve().parents[2]

# Of the package: what `grade` is made of, besides the checks and drawings of each exercise. Folders are given as a
# whole, but without folders in them.
FOLDERS = ("checks/in_worker", "grading", "host", "mistakes/hints", "mistakes/in_worker", "submissions", "worker")
MODULES = (
    "*.py",
    *(f"{folder}/*.py" for folder in FOLDERS),
    *(f"authoring/{each}.py" for each in ("__init__", "catalog", "check_source", "originals")),
    "checks/__init__.py",
    "mistakes/__init__.py",
    *(f"cli/{each}.py" for each in ("__init__", "ci_job", "desk", "formats", "grade", "hints", "keys", "last_scores")),
    *(f"cli/{each}.py" for each in ("completing", "listing", "local_state", "model_solution", "own_file", "reading")),
    *(f"cli/{each}.py" for each in ("resetting", "running", "saves", "signs", "streams", "waiting", "watching")),
    "report/*.*",
    *(f"report/plots/{each}.py" for each in ("__init__", "drawn_submission", "due_values", "formulas", "panels")),
    *(f"report/plots/{each}.py" for each in ("picture", "spoken", "way")),
)
HANDED_OUT = ("exercises", f"autograder/{FOLDER}")
DATASETS = (".gitattributes", "*.csv", "README.md", "make_lines.py")
AS_THEY_ARE = ("LICENSE", "constraints.txt", "docs/glossary.md", ".vscode/tasks.json")
WRITTEN = ("README.md", "pyproject.toml", ".gitignore")

IGNORED = (
    *("__pycache__/", "*.egg-info/", ".venv/", "build/", ".ipynb_checkpoints/"),
    *("exercises/*.html", "exercises/*.png", "exercises/*.kept-*"),
)

RESTORE = "restore it"

Files = dict[PurePosixPath, bytes]


def allowed(path: PurePosixPath, exercises: Iterable[Exercise]) -> bool:
    """Whether a file may be in the student kit, by its name alone."""
    names = [exercise.name for exercise in exercises]
    patterns = [
        *(f"autograder/{each}" for each in MODULES),
        *(f"autograder/checks/{each}{suffix}.json" for each in names for suffix in ("", ".cases")),
        *(f"autograder/{PLOTS}/{each}.{suffix}" for each in names for suffix in ("json", "py")),
        *(f"{folder}/{each}.{suffix}" for folder in HANDED_OUT for each in names for suffix in ("py", "ipynb")),
        *(f"datasets/{each}" for each in DATASETS),
        *AS_THEY_ARE,
        *WRITTEN,
        "exercises/pictures/*.png",
    ]
    return any(len(path.parts) == each.count("/") + 1 and path.match(each) for each in patterns)


def compose(kit: Path, address: str = "", names: Container[str] | None = None) -> Files:
    """Return the files of the student kit by their path in it, in order; the same bytes every time.

    `address`: where students clone it from, if they do. `names`: of the exercises that are in it, None for all.

    UserError where a source is missing or faulty.
    """
    exercises = tuple(each for each in catalog.exercises(kit) if names is None or each.name in names)
    files: Files = {
        **chosen(PACKAGE, MODULES, "autograder"),
        **chosen(kit / "datasets", DATASETS, "datasets"),
        **chosen(kit, AS_THEY_ARE),
        **_written_for_students(kit, exercises, address),
    }
    for exercise in exercises:
        files.update(_of_exercise(exercise, address))
    return dict(sorted(files.items()))


def _of_exercise(exercise: Exercise, address: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    name, pictures = exercise.name, stubs.pictures(exercise)
    cells = notebook.stub_notebook(exercise, address)
    handed_out = {".py": stubs.stub_text(exercise), ".ipynb": notebook.render(cells, pictures)}
    for suffix, text in handed_out.items():
        yield PurePosixPath("exercises", f"{name}{suffix}"), text.encode()
        yield PurePosixPath("autograder", FOLDER, f"{name}{suffix}"), text.encode()  # for `grade --reset`
    for path, text in frozen(exercise).items():
        yield "autograder" / path, text.encode()
    drawing = PLOTS / f"{name}.py"
    if (exercise.package / drawing).is_file():
        yield "autograder" / drawing, read_bytes(exercise.package / drawing, RESTORE)
    for picture, data in pictures.items():
        yield PurePosixPath("exercises", picture), data


def _written_for_students(kit: Path, exercises: tuple[Exercise, ...], address: str) -> Files:
    hidden = {
        each.name: [one for one in read_checks(each.checks).checks if one.visibility == "hidden"] for each in exercises
    }
    held = {name: sum(check.points for check in checks) for name, checks in hidden.items()}
    texts = (
        _rendered("README.md.j2", exercises=exercises, held=held, address=address),
        _rendered("pyproject.toml.j2", **_pyproject(kit)),
        "".join(f"{each}\n" for each in IGNORED),
    )
    return {PurePosixPath(path): text.encode() for path, text in zip(WRITTEN, texts, strict=True)}


def _pyproject(kit: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(read_text(kit / "pyproject.toml", RESTORE))
        return {"project": data["project"], "system": data["build-system"]}
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise UserError(f"{kit / 'pyproject.toml'}: not as the kit's is ({error}); restore it") from error


def _rendered(template: str, **values: object) -> str:
    environment = templates(Path(__file__).parent)
    environment.filters["toml"] = partial(json.dumps, ensure_ascii=False)  # a string in JSON is one in TOML
    return environment.get_template(template).render(**values)


def chosen(folder: Path, patterns: tuple[str, ...], within: str = "") -> Files:
    """Return the files that the patterns name, by their path in the student kit; UserError where one names none."""
    files: Files = {}
    for pattern in patterns:
        found = [path for path in folder.glob(pattern) if path.is_file() and "__pycache__" not in path.parts]
        if not found:
            raise UserError(f"{folder / pattern}: missing, and the kit needs it; restore it")
        files.update(
            (PurePosixPath(within, path.relative_to(folder).as_posix()), read_bytes(path, RESTORE)) for path in found
        )
    return files
