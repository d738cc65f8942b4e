"""Kits in a temporary folder: of one tiny exercise, to find, build and audit, and of some of ours."""

import re
import shutil
from pathlib import Path

import pytest
from places import KIT

from autograder.authoring import catalog
from autograder.publish.release.contents import AS_THEY_ARE

CHECKS_FILE, SOURCE = "autograder/checks/exercise1.py", "solutions/exercise1.py"

SOLUTION = '''\
# %% [markdown]
# # Halves and doubles

# %%
from torch import Tensor


# %%
def double(x: Tensor) -> Tensor:
    """Return 2·x, shape (n,)."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %%
def half(x: Tensor) -> Tensor:
    """Return x/2, shape (n,)."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION
'''

STUB = '''\
# %% [markdown]
# # Halves and doubles

# %%
from torch import Tensor


# %%
def double(x: Tensor) -> Tensor:
    """Return 2·x, shape (n,)."""
    raise NotImplementedError("double is not written yet")


# %%
def half(x: Tensor) -> Tensor:
    """Return x/2, shape (n,)."""
    raise NotImplementedError("half is not written yet")
'''

CHECKS = '''\
"""Halves and doubles."""

from typing import Any

from torch import Tensor

from autograder.checking import CaseGenerator, CaseRecorder, ExpectedValue, check, oracle, terms


@oracle()
def double(_functions: Any, x: Tensor) -> ExpectedValue:
    """2·x."""
    return terms(2 * x)


@oracle()
def half(_functions: Any, x: Tensor) -> ExpectedValue:
    """x/2."""
    return terms(x / 2)


@check("double", points=2, hint="What is due for x = 3?")
def check_double(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """doubles every value"""
    judge(draw.vector(4))


@check("double", points=3, visibility="hidden", needs=("double",), hint="And for one sample?")
def check_double_one(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """doubles one value"""
    judge(draw.vector(1))


@check("half", points=1, hint="What is due for x = 6?")
def check_half(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """halves every value"""
    judge(draw.vector(4))
'''

# What makes these checks sharp enough for an audit, which wants a hidden one of each function.
HIDDEN_HALF = '''

@check("half", points=1, visibility="hidden", needs=("half",), hint="And for one sample?")
def check_half_one(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """halves one value, and more"""
    for count in draw.sizes(1, 5):
        judge(draw.vector(count))
'''


def sharpen(checks: Path) -> None:
    """Make a checks file sharp enough for an audit."""
    text = checks.read_text(encoding="utf-8").replace("draw.vector(1)", "draw.vector(3)")
    checks.write_text(text + HIDDEN_HALF, encoding="utf-8", newline="\n")


def small_kit(folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> Path:
    """Make a kit with an exercise of each name, its stubs not yet built, and let the catalog read the kit's checks."""
    checks = folder / "autograder" / "checks"
    for needed in ("exercises", "datasets", "solutions", checks):
        (folder / needed).mkdir(parents=True, exist_ok=True)
    shutil.copytree(KIT / "datasets", folder / "datasets", dirs_exist_ok=True)
    for name in ("pyproject.toml", *AS_THEY_ARE):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(KIT / name, folder / name)
    for name in names:
        (folder / "solutions" / f"{name}.py").write_text(SOLUTION, encoding="utf-8", newline="\n")
        (checks / f"{name}.py").write_text(CHECKS, encoding="utf-8", newline="\n")
    monkeypatch.setattr(catalog, "CHECKS", checks)
    return folder


def rewrite(kit: Path, path: str, old: str, new: str) -> None:
    text = (kit / path).read_text(encoding="utf-8")
    assert old in text
    (kit / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def part_of_kit(folder: Path, *names: str) -> Path:
    """Copy what a reader has, with these exercises alone: what is released of eight takes half a minute to work out."""

    def others(_folder: str, found: list[str]) -> list[str]:
        owners = {each: re.match(r"exercise\d+", each) for each in found}
        return [each for each, owner in owners.items() if each == "__pycache__" or (owner and owner[0] not in names)]

    for name in ("exercises", "solutions", "datasets", "autograder", "tests", "docs", ".vscode"):
        shutil.copytree(KIT / name, folder / name, ignore=others)
    for name in ("LICENSE", "constraints.txt", "pyproject.toml", ".gitignore"):
        shutil.copy(KIT / name, folder)
    return folder
