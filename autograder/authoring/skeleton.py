"""The files that a new exercise starts from: a reference and its checks, with one tiny function as an example."""

import keyword
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from autograder import files
from autograder.authoring import catalog, stubs
from autograder.errors import UserError

TEMPLATES = files.templates(Path(__file__).parent / "templates")


def new_exercise(kit: Path, name: str) -> tuple[Path, ...]:
    """Write the reference, the checks and the stub of a new exercise; return their paths. All of them or none.

    UserError for a name that is taken or cannot be one, and where the package is not the kit's own.
    """
    folder = kit / "autograder" / "checks"
    if catalog.CHECKS.resolve() != folder.resolve():
        raise UserError(f"the checks in use are not this kit's; install it by `pip install -e {kit}`, then try again")
    solution, checks, stub = (each / f"{name}.py" for each in (kit / "solutions", folder, kit / "exercises"))
    _require_free(name, (solution, checks, stub))
    try:
        for path, template in ((solution, "solution.py.j2"), (checks, "checks.py.j2")):
            files.write(path, TEMPLATES.get_template(template).render(name=name), "check the folder")
        stubs.build(kit)
    except BaseException:
        for path in (solution, checks, stub):
            path.unlink(missing_ok=True)
        raise
    return solution, checks, stub


def _require_free(name: str, paths: tuple[Path, ...]) -> None:
    if not catalog.is_name(name):
        raise UserError(f"{name!r} cannot name an exercise; use small letters, digits and _, beginning with a letter")
    # `python exercises/random.py` would find itself where it imports `random`.
    if keyword.iskeyword(name) or name in sys.stdlib_module_names or name in packages_distributions():
        raise UserError(f"{name!r} is a word or module of Python; choose another name")
    for path in paths:
        if path.exists() or path.is_symlink():
            raise UserError(f"{path} is there already; choose another name")
