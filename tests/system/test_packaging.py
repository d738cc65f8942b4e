"""The wheel: what is in it, and that it grades in a kit without an autograder of its own. The tested versions."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from places import KIT

PROJECT = tomllib.loads((KIT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (KIT / "constraints.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the sources, without asking any index."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    shutil.copytree(KIT / "autograder", source / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(KIT / name, source / name)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(source)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_whole_grader_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    sources = {path for path in (KIT / "autograder").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert names == {path.relative_to(KIT).as_posix() for path in sources}
    assert {"autograder/checks/exercise1.py", "autograder/report/schema.json"} <= names


def test_the_wheel_brings_both_commands(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (entry_points,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
    scripts = archive.read(entry_points).decode()
    for command in ("grade", "course"):
        assert f"{command} = autograder.cli.{command}:main\n" in scripts


def test_installed_outside_the_kit_it_grades_a_kit(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(installed)
    kit = tmp_path / "kit"
    for name in ("exercises", "solutions", "datasets"):
        shutil.copytree(KIT / name, kit / name)
    environment = {"PYTHONPATH": str(installed), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    grade = "import sys; sys.argv[0] = 'grade'; from autograder.cli.grade import main; main()"
    command = [sys.executable, "-c", grade, "exercise1", "../solutions/exercise1.py"]
    done = subprocess.run(command, cwd=kit / "datasets", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "20 / 20" in done.stdout


def test_the_constraints_are_names_and_plain_versions() -> None:
    assert [line for line in CONSTRAINTS if not re.fullmatch(r"[\w.-]+==[\d.]+", line)] == []
    assert "torch==2.13.0" in CONSTRAINTS


def test_the_constraints_name_every_direct_dependency() -> None:
    constrained = {line.partition("==")[0].lower().replace("_", "-") for line in CONSTRAINTS}
    wanted = PROJECT["dependencies"] + [each for extra in PROJECT["optional-dependencies"].values() for each in extra]
    names = {re.split(r"[\[<>=]", each)[0] for each in wanted} - {PROJECT["name"]}
    assert names <= constrained


def test_the_tested_versions_accept_the_oldest_python() -> None:
    """Where one does not, old releases of pip try versions for many minutes instead of saying so."""
    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    installed = {f"{each.name}=={each.version.partition('+')[0]}": each for each in metadata.distributions()}
    known = {line: installed[line] for line in CONSTRAINTS if line in installed}
    wanted = {line: each.metadata.get("Requires-Python") or "" for line, each in known.items()}
    assert known
    assert [line for line, pythons in wanted.items() if not SpecifierSet(pythons).contains(oldest)] == []
