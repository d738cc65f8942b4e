"""The graders that CI runs: of the student kit, or of the instructor's with hidden checks and references.

A grader is a wheel, the data, the stubs and, the instructor's, the references; `job` is run in its folder. The wheel is
written here (packaging.python.org, "Binary distribution format"), so that no service has to build one.
"""

import json
import tomllib
import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath

from autograder import __version__
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.publish.release.contents import PACKAGE, Files, chosen
from autograder.publish.release.leaks import released

DISTRIBUTION = "backprop_exercises"
WHEEL = f"{DISTRIBUTION}-{__version__}-py3-none-any.whl"
EXECUTABLES = ("setup.sh", "run_autograder")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first instant that an archive can name; equal files make equal archives
WHOLE = ("pyproject.toml", "constraints.txt", "datasets/*", "exercises/*.py", "solutions/*.py")
BESIDE = ("datasets", "exercises", "solutions", "constraints.txt")  # the wheel
FAILED = (
    "The autograder itself failed, which is not your mistake: nothing has been graded. "
    "Hand in again; if this stays so, tell your instructor."
)


def visible(kit: Path, names: tuple[str, ...]) -> Files:
    """Return the student kit's grader of some exercises, by path; UserError where something would be given away."""
    return _grader(released(kit, names=names))


def whole(kit: Path) -> Files:
    """Return the instructor's grader, by the path of each file; UserError where a file of the kit is missing."""
    if not (kit / "solutions").is_dir():
        raise UserError(f"{kit} has no solutions/; only an instructor's kit has hidden checks")
    return _grader(chosen(kit, WHOLE) | chosen(PACKAGE, ("**/*",), PACKAGE.name))


def _grader(files: Files) -> Files:
    beside = {path: data for path, data in files.items() if path.parts[0] in BESIDE and path.suffix != ".ipynb"}
    return {PurePosixPath(WHEEL): _wheel(files), **beside}


def _wheel(files: Files) -> bytes:
    """Return the package among some files as a wheel, described by the pyproject.toml among them."""
    project = tomllib.loads(files[PurePosixPath("pyproject.toml")].decode())["project"]
    described = PurePosixPath(f"{DISTRIBUTION}-{__version__}.dist-info")
    scripts = "".join(f"{name} = {place}\n" for name, place in project["scripts"].items())
    about = [f"Name: {project['name']}", f"Version: {__version__}", f"Requires-Python: {project['requires-python']}"]
    about += [f"Requires-Dist: {each}" for each in project["dependencies"]]
    held = {path: data for path, data in files.items() if path.parts[0] == PACKAGE.name}
    held[described / "METADATA"] = "\n".join(["Metadata-Version: 2.1", *about, ""]).encode()
    held[described / "WHEEL"] = b"Wheel-Version: 1.0\nGenerator: course\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    held[described / "entry_points.txt"] = f"[console_scripts]\n{scripts}".encode()
    record = described / "RECORD"
    digests = {path: urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode() for path, data in held.items()}
    lines = [f"{path},sha256={digests[path]},{len(data)}" for path, data in sorted(held.items())]
    held[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    return archive(held)


def archive(files: Files) -> bytes:
    """Return files as a ZIP archive, the same bytes every time; EXECUTABLES at its root may be run."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(path.as_posix(), LONG_AGO)
            entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED  # Unix, which knows modes
            entry.external_attr = (0o100755 if path.as_posix() in EXECUTABLES else 0o100644) << 16
            opened.writestr(entry, data)
    return buffer.getvalue()


def failed(exercise: Exercise) -> str:
    """Return Gradescope's results for when there is no verdict: nothing for each function, and why."""
    tests = [
        {"name": name, "number": str(number), "score": 0, "max_score": points, "status": "failed", "output": FAILED}
        for number, (name, points) in enumerate(exercise.functions, 1)
    ]
    shown = {"output_format": "text", "visibility": "visible", "stdout_visibility": "hidden"}
    return json.dumps({"tests": tests, "output": FAILED, **shown}, indent=2) + "\n"
