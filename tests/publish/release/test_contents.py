"""What is in the student kit and what is not, found in ways of its own, not in those by which the release finds it."""

import ast
import importlib.util
import inspect
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from places import KIT
from released_kit import released_kit

from autograder.authoring import catalog
from autograder.authoring.check_source import read_checks
from autograder.publish.release.leaks import OPERATORS, TRIVIAL

EXERCISES = catalog.exercises(KIT)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
INSTRUCTOR_ONLY = {"audit", "benchmarks", "classroom", "course", "nbgrader", "notebook", "publish"}
INSTRUCTOR_ONLY |= {"regions", "release", "skeleton", "solutions", "stubs", "tests"}

WITH_SOLUTIONS = {"autograder.authoring.notebook", "autograder.authoring.stubs"}  # imported where there is one


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released_kit(tmp_path_factory)


def readable(path: Path) -> str:
    """All of a file's bytes as text, and the cells of a notebook as they are read."""
    text = path.read_bytes().decode("latin-1" if path.suffix == ".png" else "utf-8")
    if path.suffix == ".ipynb":
        text += "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return text


@pytest.fixture(scope="module")
def everything(released: Path) -> dict[str, str]:
    paths = [path for path in released.rglob("*") if path.is_file()]
    return {path.relative_to(released).as_posix(): readable(path) for path in paths}


@each_exercise
def test_no_line_of_a_solution_is_in_any_file(everything: dict[str, str], exercise):
    stub = everything[f"exercises/{exercise.name}.py"]
    regions = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", exercise.solution.read_text(), re.DOTALL)
    lines = {line.strip() for region in regions for line in region.split("\n")}
    stubs = "\n".join(text for name, text in everything.items() if re.fullmatch(r"exercises/\w+\.py", name))
    given = {line for line in lines if line in stub or (line in stubs and not OPERATORS.search(line))}
    telling = {line for line in lines - given if len(re.findall(r"\w+", line)) > 2 and not TRIVIAL.fullmatch(line)}
    telling.discard("losses: list[float] = []")
    assert len(regions) >= len(exercise.functions)
    assert len(telling) >= len(exercise.functions)
    assert [(name, line) for name, text in everything.items() for line in telling if line in text] == []


@each_exercise
def test_nothing_of_a_hidden_check_is_in_any_file(everything: dict[str, str], exercise):
    checks = read_checks(exercise.checks).checks
    hidden = [check for check in checks if check.visibility == "hidden"]
    shown = {check.summary for check in checks if check.visibility == "visible"}
    assert hidden
    for check in hidden:
        secrets = {check.name, check.summary} - shown
        assert [(name, said) for name, text in everything.items() for said in secrets if said in text] == []


@each_exercise
def test_no_formula_of_the_checks_is_in_any_file(everything: dict[str, str], exercise):
    """Of exercise 3 the kit holds what reads objects, and what hangs on that."""
    oracles = [value for value in vars(loaded(exercise.checks)).values() if inspect.isfunction(value)]
    oracles = [value for value in oracles if hasattr(value, "oracle")]
    ours = [each for each in oracles if ".in_worker." not in each.__module__]
    lines = {line.strip() for each in ours for line in inspect.getsource(each).split("\n") if line.startswith("    ")}
    telling = {line for line in lines if len(re.findall(r"\w+", line)) > 3 and '"""' not in line}
    telling = {line for line in telling if not TRIVIAL.fullmatch(line)}
    assert len(telling) >= len(ours)
    python = {name: text for name, text in everything.items() if name.startswith("autograder/")}
    assert [(name, line) for name, text in python.items() for line in telling if line in text] == []


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("all_checks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_file_is_of_a_kind_that_hides_what_it_holds(released: Path):
    suffixes = {path.suffix for path in released.rglob("*") if path.is_file()}
    assert suffixes == {"", ".csv", ".ipynb", ".j2", ".json", ".md", ".png", ".py", ".toml", ".txt"}
    assert [path for path in released.rglob("*") if path.is_symlink()] == []


def test_nothing_of_the_instructors_is_there(released: Path):
    names = {path.stem for path in released.rglob("*")}
    assert names & INSTRUCTOR_ONLY == set()


def _modules(package: Path) -> set[str]:
    """Return the names of all modules of a package, its own too."""
    paths = (path.relative_to(package.parent).with_suffix("").parts for path in package.rglob("*.py"))
    return {".".join(parts[:-1] if parts[-1] == "__init__" else parts) for parts in paths}


def test_what_is_there_imports_nothing_that_is_not(released: Path):
    modules, all_modules = _modules(released / "autograder") | WITH_SOLUTIONS, _modules(KIT / "autograder")
    missing = set()
    for path in (released / "autograder").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "autograder":
                names = {f"{node.module}.{each.name}" for each in node.names} & all_modules
                missing |= (names | {node.module}) - modules
            elif isinstance(node, ast.Import):
                missing |= {each.name for each in node.names if each.name.startswith("autograder")} - modules
    assert missing == set()


@each_exercise
def test_points_here_and_at_hand_in_are_all_points(exercise, released, monkeypatch):
    monkeypatch.setattr(catalog, "CHECKS", released / "autograder" / "checks")
    student = catalog.read_exercise(released, exercise.name)
    held = dict(student.at_hand_in)
    total = {name: points + (held[name].points if name in held else 0) for name, points in student.functions}
    assert total == dict(exercise.functions)
    assert held
    assert exercise.at_hand_in == ()
