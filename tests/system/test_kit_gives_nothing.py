"""Nothing that a student kit defines can be handed in: no function or method of it is right in a by-hand exercise."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from released_kit import released_kit

TRIES = Path(__file__).parents[1] / "support" / "tries.py"


def earned(kit: Path, *modules: Path) -> list[list[str]]:
    """Return each function in the modules with each graded one in whose place it would pass the visible checks."""
    tried = [sys.executable, str(TRIES), str(kit), *map(str, modules)]
    done = subprocess.run(tried, capture_output=True, text=True, check=True, cwd=kit, timeout=300)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released_kit(tmp_path_factory)


def test_no_function_of_the_kit_earns_points(kit: Path) -> None:
    modules = [path for path in sorted(kit.rglob("*.py")) if path.parent.name not in ("exercises", "originals")]
    assert len(modules) > 80
    assert earned(kit, *modules) == []


def test_one_that_would_is_found(kit: Path, tmp_path: Path) -> None:
    """Under whatever name, and also as a method that does not use its object."""
    planted = tmp_path / "planted.py"
    planted.write_text("""
class Line:
    def at(parameters, x):
        return parameters["a"] * x + parameters["b"]

def half_of_squares(one, other):
    return ((one - other) ** 2).sum() / 2
""")
    assert earned(kit, planted) == [
        ["planted.Line.at", "exercise1.predict"],
        ["planted.half_of_squares", "exercise1.loss"],
        ["planted.half_of_squares", "exercise2.loss"],
        ["planted.half_of_squares", "exercise4.loss"],
    ]
