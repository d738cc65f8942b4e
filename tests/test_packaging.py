"""The wheel: what is in it, and that a copy of it grades in a kit that holds no autograder of its own."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

KIT = Path(__file__).resolve().parents[1]


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


def test_the_wheel_holds_the_grader_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "checks/exercise1.py",
        "checks/exercise4.py",
        "report/schema.json",
        "worker/serve.py",
        "cli/grade.py",
    ):
        assert f"autograder/{wanted}" in names
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"autograder"}


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
