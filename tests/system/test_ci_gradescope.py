"""The archive that `course ci gradescope` writes: its real setup.sh and run_autograder, on a class of odd hand-ins."""

import json
import os
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import nbformat
import pytest
from ci_service import course, environment, python3
from gradescope_schema import SCHEMA
from places import KIT

from autograder import __version__

RIGHT = (KIT / "solutions" / "exercise2.py").read_text()
STUB = (KIT / "exercises" / "exercise2.py").read_text()
HALF = (KIT / "tests" / "corpus" / "half_done_exercise2.py").read_text()
THIEF = """
import os, pathlib
for path in ({source!r}, {source!r} + "/kit", {source!r} + "/kit/solutions/exercise2.py", {source!r} + "/failed.json"):
    for attempt in (os.listdir, lambda path: open(path).read()):
        try:
            attempt(path)
            print("STOLEN", path)
        except OSError:
            pass
for name in ("results.json", "results.json.new"):
    try:
        pathlib.Path({results!r}, name).write_text('{{"score": 30}}')
        print("STOLEN", name)
    except OSError:
        pass
"""
ENDLESS = "\ndef collapse(parameters):\n    while True:\n        pass\n"


def notebook(code: str) -> str:
    return nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gradescope's folders after the image was built: the archive in `source`, set up, and run_autograder beside it."""
    folder = tmp_path_factory.mktemp("gradescope")
    course("ci", "gradescope", "--exercise", "exercise2", "--output", folder)
    source = folder / "autograder" / "source"
    # unzip, unlike Python's own, gives each file the rights that the archive says.
    with zipfile.ZipFile(folder / "gradescope-exercise2.zip") as archive:
        for entry in archive.infolist():
            Path(archive.extract(entry, source)).chmod(entry.external_attr >> 16 & 0o777)
    variables = environment(python3(folder / "bin"))
    done = subprocess.run([source / "setup.sh"], env=variables, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "30 / 30" in done.stdout
    return folder / "autograder"


def graded(root: Path, copy: Path, hand_in: Callable[[Path], object]) -> dict:
    """Hand in to folders of one's own, that share the built source, and read the results."""
    (copy / "submission").mkdir(parents=True)
    (copy / "source").symlink_to(root / "source")
    shutil.copy(root / "source" / "run_autograder", copy)
    hand_in(copy / "submission")
    done = subprocess.run(
        [copy / "run_autograder"], env=environment(), cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads((copy / "results" / "results.json").read_text())


def score(results: dict) -> int:
    return sum(test["score"] for test in results["tests"])


def files(**texts: str) -> Callable[[Path], object]:
    """Hand in files; in their names `__` is a slash."""

    def put(folder: Path) -> None:
        for name, text in texts.items():
            path = folder / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return put


def whole_kit(folder: Path) -> None:
    shutil.copytree(KIT / "autograder", folder / "mine" / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    files(mine__exercises__exercise2_DOT_py=STUB, mine__exercises__exercise2_DOT_ipynb=notebook(RIGHT))(folder)
    files(mine__exercises__exercise1_DOT_py=STUB, mine__datasets__line_DOT_csv="")(folder)


def linked(folder: Path) -> None:
    (folder / "exercise2.py").symlink_to(folder.parent.resolve() / "source" / "kit" / "solutions" / "exercise2.py")


def linked_folder(folder: Path) -> None:
    (folder / "exercises").symlink_to(folder.parent.resolve() / "source" / "kit" / "solutions")


def binary(folder: Path) -> None:
    (folder / "exercise2.py").write_bytes(bytes(range(256)))


def thief(folder: Path) -> None:
    source, results = folder.parent.resolve() / "source", folder.parent.resolve() / "results"
    code = THIEF.format(source=str(source.resolve()), results=str(results))
    (folder / "exercise2.py").write_text(STUB + code)


# What is handed in, the points, and what is said of the whole.
CLASS: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "right": (files(exercise2_DOT_py=RIGHT), 30, "exercise2 — Two layers"),
    "half": (files(exercise2_DOT_py=HALF), 16, "chain_rule_gradients"),
    "nested, with litter": (
        files(
            hw__two__exercise2_DOT_py=RIGHT, _MACOSX__hw__x="", hw__two__DOT_="", **{"hw__two__._exercise2.py": "\0"}
        ),
        30,
        "",
    ),
    "script as it was, notebook done": (whole_kit, 30, ""),
    "script and notebook": (files(exercise2_DOT_py=HALF, exercise2_DOT_ipynb=notebook(RIGHT)), 30, ""),
    "empty": (lambda folder: None, 0, "hand in exercise2.py"),
    "many": (
        files(**{f"part{n}_DOT_py": f"{RIGHT}\nn = {n}\n" for n in range(5)}),
        0,
        "call the right one exercise2.py",
    ),
    "binary": (binary, 0, "is not a text file"),
    "crash": (files(exercise2_DOT_py="import os\nos._exit(0)\n" + RIGHT), 0, ""),
    "endless": (files(exercise2_DOT_py=RIGHT + ENDLESS), 28, ""),
    "link": (linked, 0, "hand in the file itself"),
    "linked folder": (linked_folder, 0, "hand in exercise2.py"),
    "thief": (thief, 0, ""),
}


@pytest.fixture(scope="module")
def results(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    folder = tmp_path_factory.mktemp("class")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        work = {
            name: pool.submit(graded, root, folder / name / "root", hand_in) for name, (hand_in, *_) in CLASS.items()
        }
        return {name: future.result() for name, future in work.items()}


@pytest.mark.parametrize("name", CLASS)
def test_every_hand_in_has_whole_and_valid_results(results: dict[str, dict], name: str) -> None:
    _, points, said = CLASS[name]
    jsonschema.validate(results[name], SCHEMA)
    assert score(results[name]) == points
    assert sum(test["max_score"] for test in results[name]["tests"]) == 30
    assert said in results[name]["output"] + "".join(test["output"] for test in results[name]["tests"])
    assert "STOLEN" not in json.dumps(results[name])


def test_the_thief_was_heard(results: dict[str, dict]) -> None:
    """Or nothing was proved: its file ran to the end."""
    assert {test["tags"][0] for test in results["thief"]["tests"]} == {"not_attempted"}


@pytest.mark.parametrize("broken", ["no environment", "no kit", "killed"])
def test_a_grader_that_fails_says_so(root: Path, tmp_path: Path, broken: str) -> None:
    copy = tmp_path / "autograder"
    source = copy / "source"
    source.mkdir(parents=True)
    for name in ("failed.json", "kit", "venv"):
        if (broken, name) not in {("no environment", "venv"), ("no kit", "kit"), ("killed", "venv")}:
            (source / name).symlink_to(root / "source" / name)
    if broken == "killed":
        (source / "venv" / "bin").mkdir(parents=True)
        (source / "venv" / "bin" / "python").write_text("#!/bin/sh\nkill -9 $$\n")
        (source / "venv" / "bin" / "python").chmod(0o755)
    shutil.copy(root / "source" / "run_autograder", copy)
    done = subprocess.run([copy / "run_autograder"], env=environment(), capture_output=True, check=False)
    assert done.returncode == 0
    shown = json.loads((copy / "results" / "results.json").read_text())
    jsonschema.validate(shown, SCHEMA)
    assert score(shown) == 0
    assert "not your mistake" in shown["output"]


def test_what_is_to_be_run_may_be_run(root: Path) -> None:
    modes = {
        entry.filename: entry.external_attr >> 16
        for entry in zipfile.ZipFile(root.parent / "gradescope-exercise2.zip").infolist()
    }
    assert {name for name, mode in modes.items() if mode & 0o111} == {"setup.sh", "run_autograder"}
    assert {"failed.json", "kit/solutions/exercise2.py", "kit/constraints.txt"} <= modes.keys()


def test_nobody_but_root_may_read_the_checks(root: Path) -> None:
    assert (root / "source").stat().st_mode & 0o077 == 0


def test_pip_knows_the_wheel(root: Path) -> None:
    told = (
        "import importlib.metadata as m; d = m.distribution('backprop-exercises'); "
        "print(d.version, sorted(e.name for e in d.entry_points), sorted(d.requires))"
    )
    python = root / "source" / "venv" / "bin" / "python"
    done = subprocess.run([python, "-I", "-c", told], capture_output=True, text=True, check=True)
    wanted = tomllib.loads((KIT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert done.stdout == f"{__version__} ['course', 'grade'] {sorted(wanted)}\n"
