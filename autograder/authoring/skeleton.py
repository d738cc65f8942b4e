"""The files that a new exercise starts from: a reference and its checks, with one tiny function as an example."""

import keyword
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from autograder import files
from autograder.authoring import catalog, stubs
from autograder.errors import UserError

SOLUTION = '''\
# %% [markdown]
# # {name}
#
# Say here what this exercise is about, and what holds for every function in it.

# %%
from torch import Tensor

# %% [markdown]
# ## Double
#
# An example of a function that students write; put your own in its place.


# %%
def double(x: Tensor) -> Tensor:
    """Return 2·x, shape (n,)."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
'''

CHECKS = '''\
"""The title of {name}."""

from typing import Any

from torch import Tensor

from autograder.checking import CaseGenerator, CaseRecorder, ExpectedValue, check, oracle, terms


@oracle()
def double(_functions: Any, x: Tensor) -> ExpectedValue:
    """2·x."""
    return terms(2 * x)


DOUBLE = "What is due for x = 3, and what for x = −3?"


@check("double", points=1, hint=DOUBLE)
def check_double_every_value(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """doubles every value"""
    for n in draw.sizes(4, 4):
        judge(draw.vector(n))


@check("double", points=1, visibility="hidden", needs=("double_every_value",), hint=DOUBLE)
def check_double_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many, and in float32"""
    for n in draw.sizes(1, 7, 12):
        judge(draw.vector(n))
    draw.single()
    judge(draw.vector(5))
'''


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
        for path, text in ((solution, SOLUTION), (checks, CHECKS)):
            files.write(path, text.format(name=name), "check the folder")
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
