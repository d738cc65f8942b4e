"""What a verdict depends on besides submission and options: the kit, torch, Python, and the exercise's files."""

import importlib.metadata
import platform

from autograder import __version__
from autograder.exercise import Exercise
from autograder.files import sha256
from autograder.grading.service import sources


def versions() -> dict[str, str]:
    """Return the versions of this machine that must be the same wherever a class is graded; torch's may be "none"."""
    try:
        torch = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        torch = "none"
    kit = f"{__version__} (sources {sources()[:12]})"
    return {"kit": kit, "torch": torch, "Python": ".".join(platform.python_version_tuple()[:2])}


def exercise_digests(exercise: Exercise) -> dict[str, str]:
    """Return the digest of each file that a verdict on the exercise depends on; "" for one that is not there."""
    files = {"the checks": exercise.checks}
    if exercise.solution is not None:
        files[f"solutions/{exercise.solution.name}"] = exercise.solution
    files |= {f"datasets/{path.name}": path for path in sorted((exercise.kit / "datasets").glob("*.csv"))}
    return {name: sha256(path.read_bytes()) if path.is_file() else "" for name, path in files.items()}
