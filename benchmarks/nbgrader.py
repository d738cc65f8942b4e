"""How long a class takes: `nbgrader autograde` with the kit's preprocessor, with nbgrader's own, and `course grade`.

    python benchmarks/nbgrader.py [SUBMISSIONS]

Run it in the venv that the kit is installed in with its [instructor] extra, on a machine with nothing else to do. The
same notebooks of exercise 2 are graded three times, each time by whole processes. nbgrader's own preprocessor runs each
notebook in a kernel, where the grade cells run the visible checks only; the two others run all of them, in the sandbox.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KIT = Path(__file__).resolve().parents[1]
EXERCISE = "exercise2"
TARGET = 10.0  # times faster than with nbgrader's own preprocessor
PYTHON = sys.executable
COURSE = str(Path(PYTHON).parent / "course")
# Mistakes that some of the class make, as replacements in the solution.
MISTAKES = (
    ("", ""),
    ('(y_pred - y) * parameters["a2"]', "(y_pred - y)"),
    ("(y_pred - y) ** 2) / 2", "(y_pred - y) ** 2)"),
    ('parameters["a1"] * parameters["a2"]', 'parameters["a1"] + parameters["a2"]'),
)
STOCK = """
c.Autograde.sanitize_preprocessors = [f"nbgrader.preprocessors.{name}" for name in (
    "ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")]
c.Autograde.autograde_preprocessors = [f"nbgrader.preprocessors.{name}" for name in (
    "Execute", "IgnorePattern", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata")]
"""


def run(folder: Path, *command: str) -> tuple[float, float]:
    """Run a command; the seconds that it took, and of those of all processors, its own children's too."""
    environment = {**os.environ, "PATH": f"{Path(PYTHON).parent}{os.pathsep}{os.environ['PATH']}"}
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def prepare(course: Path, number: int) -> None:
    run(KIT, COURSE, "nbgrader", "--output", str(course))
    run(course, PYTHON, "-m", "nbgrader", "generate_assignment", EXERCISE)
    solved = (course / "source" / EXERCISE / f"{EXERCISE}.ipynb").read_text(encoding="utf-8")
    for student in range(number):
        right, wrong = (json.dumps(text)[1:-1] for text in MISTAKES[student % len(MISTAKES)])
        folder = course / "submitted" / f"student{student:03}" / EXERCISE
        folder.mkdir(parents=True)
        (folder / f"{EXERCISE}.ipynb").write_text(solved.replace(right, wrong) if right else solved, encoding="utf-8")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        course, stock = Path(folder, "course"), Path(folder, "stock")
        prepare(course, number)
        shutil.copytree(course, stock)
        with (stock / "nbgrader_config.py").open("a") as config:
            config.write(STOCK)
        autograde = (PYTHON, "-m", "nbgrader", "autograde", EXERCISE)
        grade = (COURSE, "grade", EXERCISE, str(course / "submitted"))
        ours = run(course, *autograde)
        plain = run(KIT, *grade, "--output", str(Path(folder, "graded")))
        theirs = run(stock, *autograde)
    for name, (seconds, work) in (("with nbgrader's own", theirs), ("with the kit's", ours), ("course grade", plain)):
        each = f"{seconds / number:6.2f} s a submission, {work / number:6.2f} s of a processor"
        print(f"{name:20}  {seconds:7.1f} s  {each}  {theirs[0] / seconds:5.1f} x")
    print(f"target {TARGET:g} x: {'met' if theirs[0] / ours[0] >= TARGET else 'MISSED'}")


if __name__ == "__main__":
    main()
