"""The house: every module has its test, every class a name of its own, no file and no function is long."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from places import KIT

PACKAGE = KIT / "autograder"
CONTENT = {"checks", "mistakes"}  # tested by tests/content and tests/system
LONGEST_FILE, LONGEST_FUNCTION = 400, 40  # lines


def modules() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "__init__.py" and path.relative_to(PACKAGE).parts[0] not in CONTENT:
            yield path.relative_to(PACKAGE)


def test_every_module_has_its_test() -> None:
    missing = [str(path) for path in modules() if not (KIT / "tests" / path.with_name(f"test_{path.name}")).is_file()]
    assert missing == []


def test_one_word_for_one_thing() -> None:
    places = defaultdict(list)
    for path in modules():
        for node in ast.parse((PACKAGE / path).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(str(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_file_and_no_function_is_long() -> None:
    long = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST_FILE:
            long.append(f"{path.relative_to(PACKAGE)}: {text.count(chr(10))}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(PACKAGE)}: {node.name}: {lines}")
    assert long == []
