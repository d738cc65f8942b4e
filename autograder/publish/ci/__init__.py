"""Files for CI services: what grades a student's repository or upload there, with the grader that it runs."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.authoring import catalog
from autograder.errors import UserError
from autograder.files import read_bytes, reason, sha256, templates, write_beside
from autograder.grading.seeds import course_secret
from autograder.model import Credit
from autograder.publish.ci import graders
from autograder.publish.ci.graders import EXECUTABLES, archive
from autograder.publish.release.contents import Files

# The actions that workflows use, each at the commit of a release that runs on Node 24.
ACTIONS = {
    "checkout": "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8  # v5.0.0",
    "setup_python": "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c  # v6.0.0",
    "upload_artifact": "actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f  # v6.0.0",
    "download_artifact": "actions/download-artifact@37930b1c2abaa49bbe596cd826c3c89aef350131  # v7.0.0",
}
# For whom: the template of each file that is written, and where the student kit lies that it runs; `{}`: the exercise.
SERVICES = {
    "github": {".github/workflows/grade.yml": "github.yml.j2"},
    "gitlab": {".gitlab-ci.yml": "gitlab.yml.j2"},
    "classroom50": {"autograders/{}/autograder.py": "classroom50.py.j2", "runtime.json": "runtime.json.j2"},
    "gradescope": {each: f"{each}.j2" for each in EXECUTABLES},
    "class": {".github/workflows/grade-class.yml": "class.yml.j2", "action.yml": "action.yml.j2"},
}
GRADERS = {"github": ".github/grader.zip", "gitlab": ".gitlab/grader.zip", "classroom50": "autograders/{}/grader.zip"}
ONE_EXERCISE = ("classroom50", "gradescope")
PYTHON, UV = "3.13", "0.13.9"
SYNTAX = {  # leaves `${{ }}` to GitHub
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "block_start_string": "<%",
    "block_end_string": "%>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
}
# Before the checksum of all above it, in the last line of each file that may have comments.
STAMP = b"# By this sum `course ci` knows a file that nobody has edited: "
# What stands in a workflow or a script must be neither YAML nor shell.
ADDRESS = re.compile(r"https?://[\w.~:/@%+=-]+")
ACTION = re.compile(r"[\w.-]+/[\w.-]+(?:/[\w.-]+)*@[\w./-]+")


@dataclass(frozen=True)
class Settings:
    """What an instructor decides.

    `pass_mark` is in percent of each exercise's points, those of the visible checks where no others run; `credit` says
    what earns them. `torch_index` is the address of a package index with a build of torch for processors only, '' for
    the one that uv knows. `grader` is a private GitHub action that holds the instructor's kit, as
    `organization/repository@ref`; without one, the visible checks run.
    """

    exercises: tuple[str, ...]
    pass_mark: int = 50
    torch_index: str = ""
    grader: str = ""
    credit: Credit = "function"
    uv: str = UV


def files_for(service: str, kit: Path, settings: Settings) -> Files:
    """Return the files for one of SERVICES by path, the same bytes every time but for a random secret; UserError."""
    if settings.torch_index and not ADDRESS.fullmatch(settings.torch_index):
        raise UserError(f"{settings.torch_index!r} is no address of a package index; it begins with https://")
    if settings.grader and not ACTION.fullmatch(settings.grader):
        raise UserError(f"{settings.grader!r} is no action; write organization/repository@ref")
    exercise = next(iter(settings.exercises), "")
    archives: Files = {}
    if service in GRADERS and not settings.grader:
        archives = {PurePosixPath(GRADERS[service].format(exercise)): archive(graders.visible(kit, settings.exercises))}
    digest = "".join(map(sha256, archives.values()))
    texts = {path.format(exercise): template for path, template in SERVICES[service].items()}
    files = _written(texts, settings, exercise=exercise, digest=digest) | archives
    return _packed(kit, exercise, files) if service == "gradescope" else files


def _packed(kit: Path, exercise: str, files: Files) -> Files:
    """Return the one archive that Gradescope takes: its files, and the instructor's kit."""
    failed = graders.failed(catalog.find_exercise(kit, exercise)).encode()
    whole = {PurePosixPath("kit") / path: data for path, data in graders.whole(kit).items()}
    # Without a secret, the hidden cases would be those that anybody can draw who has the checks.
    secret = (course_secret() or secrets.token_hex(16)).encode()
    held = {**files, PurePosixPath("failed.json"): failed, PurePosixPath("secret"): secret, **whole}
    return {PurePosixPath(f"gradescope-{exercise}.zip"): archive(held)}


def write(files: Files, output: Path) -> None:
    """Write files below a folder, which is made; UserError where that cannot be, or one there has been edited."""
    targets = {output / path: data for path, data in files.items()}
    for target, data in targets.items():
        if target.suffix != ".zip" and target.is_file() and _is_edited(read_bytes(target, "check its rights"), data):
            raise UserError(f"{target} has been edited; move it away, or write into another --output and compare")
    for target, data in targets.items():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_beside(target, data)
            target.chmod(0o755 if target.name in EXECUTABLES else 0o644)
        except OSError as error:
            raise UserError(f"{target} cannot be written ({reason(error)}); choose another --output") from error


def _is_edited(found: bytes, new: bytes) -> bool:
    """Whether a file is neither what is to be written nor, by its stamp, what an earlier version of this wrote."""
    found = found.replace(b"\r\n", b"\n")  # as git may have checked it out
    text, mark, digest = found.rpartition(STAMP)
    return found != new and not (mark and digest.strip().decode(errors="replace") == sha256(text)[:16])


def _stamped(text: bytes) -> bytes:
    return text + STAMP + sha256(text)[:16].encode() + b"\n"


def _written(names: Mapping[str, str], settings: Settings, **values: str) -> Files:
    """Return files made of templates; what they hold of the settings is what ADDRESS and ACTION let through."""
    environment = templates(Path(__file__).parent / "templates", **SYNTAX)
    options = f"--pass-mark {settings.pass_mark}{' --credit check' if settings.credit == 'check' else ''}"
    values = {
        "python": PYTHON,
        "wheel": graders.WHEEL,
        "options": options,
        "mark": _mark(settings),
        **ACTIONS,
        **values,
    }
    known = catalog.exercise_names()
    texts = {
        PurePosixPath(path): environment.get_template(name).render(settings=settings, known=known, **values).encode()
        for path, name in names.items()
    }
    return {path: text if path.suffix == ".json" else _stamped(text) for path, text in texts.items()}


def _mark(settings: Settings) -> str:
    """Say of which points the pass mark is."""
    of = "all checks" if settings.grader else "the visible checks"
    return f"It passes when each exercise graded has {settings.pass_mark} % of its points, those of {of}."
