"""A class of exercise 2, graded by `course grade` and by what else there is: nbgrader, otter-grader, pytest by itself.

    python benchmarks/classroom.py [--rounds R] [--sample N | --all] [--otter PATH] [--sizes N N …] [--no-rivals]

First part: 60 mixed submissions (right, wrong and unwritten ones, and two endless loops). All graders get the same
functions and assertions that amount to the kit's checks; each is used as it comes:

- `course grade` with one job a core, all 60, then without the loops, then those several times over;
- `nbgrader autograde`, which goes through a class by itself, on a sample (a course folder made here);
- `otter run` and pytest, which take one submission a time, on the same sample, one a core at a time.

A rate counts submissions that end by themselves, without the start of the command: what a larger class takes more,
divided by how many more they are. Ratios are taken within a round, and their median counts. otter-grader is left out
where it is not installed: `pip install otter-grader`, there or in a venv of its own, `--otter that/venv/bin/otter`.

Second part (`--sizes`, such as 1000 10000): the submissions that end by themselves, under as many names, nothing taken
from an earlier run. Time has to be linear in the number, and the coordinator's memory flat.

Run it from the kit's folder with the instructors' extras installed, on a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

KIT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(KIT / "tests" / "support"))

from corpus import text_of  # noqa: E402

EXERCISE = "exercise2"
POINTS = {
    "forward": 3,
    "loss": 2,
    "manual_gradients": 6,
    "chain_rule_gradients": 10,
    "update": 2,
    "train_step": 5,
    "collapse": 2,
}
WRONG, HALF_DONE, LOOPS = 20, 5, 2
REPEATED = 4  # times the class, to see what more submissions take
LOOP_SECONDS = 30.0  # nbgrader's own limit for a cell; pytest and otter get the same
RATE_TARGET, LINEAR, FLAT = 100.0, 0.10, 0.20
TOGETHER = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

# The same assertions for all: what the kit's checks ask, visible and hidden, written as one would for such a grader.
CHECKS = """\
import random

import torch

NAMES = ("a1", "b1", "a2", "b2")
CASES = [(4, torch.float64)] * 2 + [(n, torch.float64) for n in (1, 2, 7, 11, 40)] + [(5, torch.float32)]


def number():
    return random.choice((-1, 1)) * random.uniform(0.3, 2.5)


def vector(n, dtype):
    return torch.tensor([number() for _ in range(n)], dtype=dtype)


def parameters(dtype):
    return {name: torch.tensor(number(), dtype=dtype) for name in NAMES}


def rates():
    return {name: random.uniform(0.01, 0.09) for name in NAMES}


def forward_right(p, x):
    g = p["a1"] * x + p["b1"]
    return g, p["a2"] * g + p["b2"]


def gradients_right(p, x, y):
    p = {name: value.clone().requires_grad_() for name, value in p.items()}
    total = ((forward_right(p, x)[1] - y) ** 2).sum() / 2
    return dict(zip(NAMES, torch.autograd.grad(total, [p[name] for name in NAMES])))


def update_right(p, g, lr):
    return {name: p[name] - lr[name] * g[name] for name in NAMES}


def leaves(value):
    if isinstance(value, dict):
        return [value[name] for name in sorted(value)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, (list, tuple)) else [value]


def same(got, expected, arguments):
    single = any(leaf.dtype == torch.float32 for leaf in leaves(arguments) if isinstance(leaf, torch.Tensor))
    if isinstance(expected, dict):
        got = {name: got[name] for name in expected}
    got, expected = leaves(got), leaves(expected)
    assert len(got) == len(expected)
    for one, due in zip(got, expected):
        one = torch.as_tensor(one)
        assert one.shape == due.shape, (one.shape, due.shape)
        assert torch.isfinite(one).all()
        assert torch.allclose(one.double(), due.double(), rtol=1e-4 if single else 1e-9, atol=1e-5 if single else 1e-9)


def copied(value):
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()}
    return value.clone() if isinstance(value, torch.Tensor) else value


def judge(function, expected, *arguments):
    for _ in range(2):
        given = [copied(argument) for argument in arguments]
        same(function(*given), expected, arguments)
        for before, after in zip(leaves(list(arguments)), leaves(given)):
            assert before is after or bool((torch.as_tensor(before) == torch.as_tensor(after)).all())


def check_forward(own):
    for n, dtype in CASES:
        p, x = parameters(dtype), vector(n, dtype)
        judge(own["forward"], forward_right(p, x), p, x)


def check_loss(own):
    for n, dtype in CASES:
        y_pred, y = vector(n, dtype), vector(n, dtype)
        judge(own["loss"], ((y_pred - y) ** 2).sum() / 2, y_pred, y)


def check_manual_gradients(own):
    for n, dtype in CASES:
        p, x, y = parameters(dtype), vector(n, dtype), vector(n, dtype)
        g, y_pred = forward_right(p, x)
        due = gradients_right(p, x, y)
        judge(own["manual_gradients"], {"a2": due["a2"], "b2": due["b2"]}, g, y_pred, y)


def check_chain_rule_gradients(own):
    for n, dtype in CASES:
        p, x, y = parameters(dtype), vector(n, dtype), vector(n, dtype)
        due = gradients_right(p, x, y)
        judge(own["chain_rule_gradients"], {"a1": due["a1"], "b1": due["b1"]}, p, x, forward_right(p, x)[1], y)


def check_update(own):
    for _, dtype in CASES:
        p, g, lr = parameters(dtype), parameters(dtype), rates()
        judge(own["update"], update_right(p, g, lr), p, g, lr)


def check_train_step(own):
    for n, dtype in CASES:
        p, x, y, lr = parameters(dtype), vector(n, dtype), vector(n, dtype), rates()
        after = update_right(p, gradients_right(p, x, y), lr)
        judge(own["train_step"], (after, ((forward_right(p, x)[1] - y) ** 2).sum() / 2), p, x, y, lr)


def check_collapse(own):
    for _, dtype in CASES:
        p = parameters(dtype)
        judge(own["collapse"], (p["a1"] * p["a2"], p["a2"] * p["b1"] + p["b2"]), p)
"""

PYTEST = (
    "import importlib.util, os\n\nimport pytest\n\nimport checks\n\n"
    'spec = importlib.util.spec_from_file_location("submission", os.environ["SUBMISSION"])\n'
    "submission = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(submission)\n\n\n"
    f'@pytest.mark.parametrize("name", {list(POINTS)})\n'
    "def test_function(name):\n"
    '    getattr(checks, f"check_{name}")(vars(submission))\n'
)

OTTER_TEST = (
    "from otter.test_files import test_case\n\nOK_FORMAT = False\nname = {name!r}\npoints = {points}\n\n\n"
    "@test_case()\ndef check(env):\n    import checks\n    checks.check_{name}(env)\n"
)

COURSE = (
    "import atexit, resource, sys\n"
    "from pathlib import Path\n"
    "write = Path(sys.argv.pop(1)).write_text\n"
    "atexit.register(lambda: write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)))\n"
    "from autograder.cli.course import main\n"
    "main()\n"
)


@dataclass(frozen=True)
class Script:
    """A submission: what it is called, and its text."""

    name: str
    code: str

    @property
    def ends(self) -> bool:
        return not self.name.startswith("loop")

    @property
    def seconds(self) -> float | None:
        """After how long it is ended by a grader that takes one at a time; None if it ends by itself."""
        return None if self.ends else LOOP_SECONDS


@dataclass(frozen=True)
class Run:
    """What a run of commands took: seconds, processor seconds, and the peak memory of the process itself in MB."""

    seconds: float
    cpu: float
    peak: float = 0.0
    exit_code: int | None = None


# The class


def mixed() -> list[Script]:
    """Return 60 submissions: 28 right, 20 wrong, 10 wholly or partly unwritten, 2 endless loops."""
    solution = (KIT / "solutions" / f"{EXERCISE}.py").read_text(encoding="utf-8")
    stub = (KIT / "exercises" / f"{EXERCISE}.py").read_text(encoding="utf-8")
    corpus = KIT / "tests" / "corpus"
    right = [solution, *_texts(sorted((corpus / "right" / EXERCISE).glob("*.py"))[:27])]
    wrong = sorted((corpus / "wrong" / EXERCISE).glob("*.py"))
    wrong = wrong[:: len(wrong) // WRONG][:WRONG]
    unwritten = [f"{stub}\n# {number}\n" for number in range(HALF_DONE)]
    unwritten += [_half_done(solution, written) for written in range(1, 1 + HALF_DONE)]
    made = {"right": right, "wrong": _texts(wrong), "unwritten": unwritten, "loop": _looping(solution)}
    return [Script(f"{kind}{at:02}", code) for kind, codes in made.items() for at, code in enumerate(codes)]


def _texts(paths: Sequence[Path]) -> list[str]:
    return [text_of(path).decode() for path in paths]


def _half_done(solution: str, written: int) -> str:
    """Return the solution with only its first functions; the others are not written yet."""
    parts = solution.split("    ### BEGIN SOLUTION\n")
    for at in range(1 + written, len(parts)):
        parts[at] = (
            '    raise NotImplementedError("not written yet")\n' + parts[at].partition("    ### END SOLUTION\n")[2]
        )
    return "".join(parts)


def _looping(solution: str) -> list[str]:
    """Return solutions with a loop that never ends, in a function of their own each."""
    head, _, tail = solution.partition("def update(")
    in_update = f"{head}def update({tail.replace('### BEGIN SOLUTION', 'while True: pass', 1)}"
    head, _, tail = solution.partition("def collapse(")
    return [in_update, f"{head}def collapse({tail.replace('### BEGIN SOLUTION', 'while True: pass', 1)}"]


def named(scripts: Sequence[Script], number: int) -> Iterator[Script]:
    """Yield so many submissions, the same ones again and again under other names."""
    for at, script in enumerate(islice(cycle(scripts), number)):
        yield Script(f"{script.name}-{at:05}", script.code)


# Graders


class Course:
    """`course grade`, one job a core."""

    name = "course grade"

    def __init__(self, root: Path) -> None:
        self._root = root / "course"

    def grade(self, scripts: Sequence[Script]) -> Run:
        shutil.rmtree(self._root, ignore_errors=True)
        (self._root / "in").mkdir(parents=True)
        for script in scripts:
            (self._root / "in" / f"{script.name}.py").write_text(script.code, encoding="utf-8")
        peak = self._root / "peak"
        command = [sys.executable, "-c", COURSE, str(peak), "grade", EXERCISE, str(self._root / "in")]
        took = run([*command, "--output", str(self._root / "out"), "--fresh", "--jobs", str(TOGETHER)], KIT)
        return Run(took.seconds, took.cpu, int(peak.read_text()) / 1024)

    def full_marks(self) -> int:
        rows = (self._root / "out" / "grades.csv").read_text(encoding="utf-8").splitlines()[1:]
        return sum(float(row.split(",")[1]) == sum(POINTS.values()) for row in rows)


class Nbgrader:
    """`nbgrader autograde` on notebooks of one solution cell and a test cell a function, in a folder made here."""

    name = "nbgrader autograde"

    def __init__(self, root: Path) -> None:
        self._root = root / "nbgrader"
        source = self._root / "source" / EXERCISE
        source.mkdir(parents=True)
        (self._root / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "benchmark"\n')
        cells = [_cell("answers", "### BEGIN SOLUTION\n### END SOLUTION", solution=True), _cell("checks", CHECKS)]
        cells += [_cell(f"test_{name}", f"check_{name}(globals())", points) for name, points in POINTS.items()]
        (source / f"{EXERCISE}.ipynb").write_text(_notebook(cells))
        self._run("generate_assignment", EXERCISE)
        released = self._root / "release" / EXERCISE / f"{EXERCISE}.ipynb"
        self._released = json.loads(released.read_text(encoding="utf-8"))

    def grade(self, scripts: Sequence[Script]) -> Run:
        for name in ("submitted", "autograded"):
            shutil.rmtree(self._root / name, ignore_errors=True)
        for script in scripts:
            folder = self._root / "submitted" / script.name / EXERCISE
            folder.mkdir(parents=True)
            answers = next(cell for cell in self._released["cells"] if _grade_id(cell) == "answers")
            answers["source"] = script.code
            (folder / f"{EXERCISE}.ipynb").write_text(json.dumps(self._released))
        return self._run("autograde", EXERCISE, "--force")

    def full_marks(self) -> int:
        code = (
            "from nbgrader.api import Gradebook\n"
            "with Gradebook('sqlite:///gradebook.db') as book:\n"
            "    print(*(one.student_id for one in book.assignment_submissions('exercise2') if one.score == 30))\n"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=self._root, check=True, capture_output=True, text=True)
        graded = {folder.name for folder in (self._root / "autograded").iterdir()}
        return len(graded.intersection(done.stdout.split()))

    def _run(self, *arguments: str) -> Run:
        environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # it calls `alembic`
            "JUPYTER_DATA_DIR": str(self._root / "jupyter"),
        }
        # Its exit code is 1 where a submission did not end by itself.
        return run([sys.executable, "-m", "nbgrader", *arguments], self._root, environment, exit_codes=(0, 1))


class Otter:
    """`otter run`, one process a submission, as many at a time as there are cores."""

    name = "otter run"

    def __init__(self, root: Path, executable: Path) -> None:
        self._root, self._executable = root / "otter", executable
        (self._root / "tests").mkdir(parents=True)
        (self._root / "checks.py").write_text(CHECKS)
        for name, points in POINTS.items():
            (self._root / "tests" / f"{name}.py").write_text(OTTER_TEST.format(name=name, points=points))
        generate = [str(self._executable), "generate", "-t", "tests", "--no-environment", "--no-requirements"]
        run([*generate, "-o", "autograder.zip", "checks.py"], self._root)

    def grade(self, scripts: Sequence[Script]) -> Run:
        took, self._full = one_by_one(scripts, self._one)
        return took

    def full_marks(self) -> int:
        return self._full

    def _one(self, script: Script) -> bool:
        folder = self._root / script.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        path = folder / f"{EXERCISE}.ipynb"
        path.write_text(_notebook([_cell("answers", script.code)]))
        command = [str(self._executable), "run", "--no-logo", "-a", "autograder.zip", "-o", str(folder), str(path)]
        run(command, self._root, seconds=script.seconds)
        results = folder / "results.json"
        if not results.is_file():
            return False
        scored = json.loads(results.read_text())["tests"]
        return sum(test.get("score", 0) for test in scored) == sum(POINTS.values())


class Pytest:
    """pytest, one process a submission, as many at a time as there are cores."""

    name = "pytest"

    def __init__(self, root: Path) -> None:
        self._root = root / "pytest"
        self._root.mkdir()
        (self._root / "checks.py").write_text(CHECKS)
        (self._root / "test_submission.py").write_text(PYTEST)

    def grade(self, scripts: Sequence[Script]) -> Run:
        took, self._full = one_by_one(scripts, self._one)
        return took

    def full_marks(self) -> int:
        return self._full

    def _one(self, script: Script) -> bool:
        path = self._root / f"{script.name}.py"
        path.write_text(script.code, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_submission.py"]
        took = run(command, self._root, {"SUBMISSION": str(path)}, seconds=script.seconds, exit_codes=(0, 1, 2))
        return took.exit_code == 0


def one_by_one(scripts: Sequence[Script], grade: Callable[[Script], bool]) -> tuple[Run, int]:
    """Have each submission graded in a process of its own, as many at a time as cores; how many get full marks."""
    started, cpu = time.perf_counter(), _children_cpu()
    with ThreadPoolExecutor(TOGETHER) as pool:
        full = sum(pool.map(grade, scripts))
    return Run(time.perf_counter() - started, _children_cpu() - cpu), full


def run(
    command: Sequence[str],
    folder: Path,
    environment: dict[str, str] | None = None,
    *,
    seconds: float | None = None,
    exit_codes: tuple[int, ...] = (0,),
) -> Run:
    """Run a command to its end, or kill it after so many seconds; what it took."""
    started, cpu, exit_code = time.perf_counter(), _children_cpu(), None
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            timeout=seconds,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        exit_code = done.returncode
        if exit_code not in exit_codes:
            raise SystemExit(f"{' '.join(command[:4])} … failed:\n{done.stdout[-2000:]}")
    except subprocess.TimeoutExpired:
        pass  # a loop that never ends
    return Run(time.perf_counter() - started, _children_cpu() - cpu, exit_code=exit_code)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _notebook(cells: list[dict[str, object]]) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def _cell(name: str, code: str, points: int | None = None, *, solution: bool = False) -> dict[str, object]:
    about = {"grade_id": name, "schema_version": 3, "solution": solution, "grade": points is not None, "task": False}
    about |= {"locked": not solution} | ({"points": points} if points is not None else {})
    cell = {"cell_type": "code", "execution_count": None, "outputs": [], "source": code, "id": name}
    return {**cell, "metadata": {"nbgrader": about}}


def _grade_id(cell: dict[str, dict[str, dict[str, str]]]) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


# Measuring


def rates(graders: list[Course | Nbgrader | Otter | Pytest], scripts: list[Script], sample: int, rounds: int) -> None:
    """Print what each grader makes of the class: submissions a second, and how many times nbgrader's."""
    ending = [script for script in scripts if script.ends]
    chosen = ending[:: max(1, len(ending) // sample)][:sample]
    measured: dict[str, list[float]] = {grader.name: [] for grader in graders}
    print(f"\n{len(scripts)} submissions of {EXERCISE}, {len(ending)} of which end by themselves; {TOGETHER} cores")
    for number in range(rounds):
        for grader in graders if number % 2 == 0 else reversed(graders):
            rate, said = _rate(grader, ending, chosen)
            measured[grader.name].append(rate)
            print(f"  round {number + 1}: {grader.name:20}{said}", flush=True)
    theirs = measured.get(Nbgrader.name, [])
    print(f"\n  {'median of the rounds':22}{'a second':>10}{'s each':>8}{'x nbgrader':>12}")
    for name, own in measured.items():
        ratio = statistics.median(one / other for one, other in zip(own, theirs, strict=True)) if theirs else 0.0
        target = (
            f"   target {RATE_TARGET:g}: {'met' if ratio >= RATE_TARGET else 'MISSED'}" if name == Course.name else ""
        )
        rate = statistics.median(own)
        print(f"  {name:22}{rate:10.2f}{1 / rate:8.3f}{ratio:12.1f}{target if theirs else ''}")


def _rate(grader: Course | Nbgrader | Otter | Pytest, ending: list[Script], chosen: list[Script]) -> tuple[float, str]:
    """Return submissions a second, without the start of the command where it takes many, and words about it."""
    if isinstance(grader, Otter | Pytest):
        took = grader.grade(chosen)
        said = f"{len(chosen)} in {took.seconds:.1f} s, {grader.full_marks()} full marks"
        return len(chosen) / took.seconds, said
    few = ending if isinstance(grader, Course) else chosen[:1]
    many = list(named(ending, REPEATED * len(ending))) if isinstance(grader, Course) else chosen
    start, took = grader.grade(few), grader.grade(many)
    said = f"{len(few)} in {start.seconds:.1f} s, {len(many)} in {took.seconds:.1f} s, {grader.full_marks()} full marks"
    return (len(many) - len(few)) / (took.seconds - start.seconds), said


def loops(graders: list[Course | Nbgrader | Otter | Pytest], scripts: list[Script], *, all_graders: bool) -> None:
    """Print what two endless loops among the submissions take."""
    for grader in graders:
        if isinstance(grader, Course):
            took = grader.grade(scripts)
            print(f"\n  {grader.name}: all {len(scripts)}, loops included, in {took.seconds:.1f} s", flush=True)
        elif all_graders:
            took = grader.grade([script for script in scripts if not script.ends])
            print(f"  {grader.name}: the {LOOPS} loops in {took.seconds:.1f} s", flush=True)


def sizes(course: Course, ending: list[Script], numbers: list[int]) -> None:
    """Print whether time grows as the number of submissions does, and whether the coordinator's memory stays."""
    print(f"\n  {'submissions':>12}{'seconds':>10}{'ms each':>9}{'cpu ms each':>13}{'coordinator MB':>16}")
    base = len(ending)
    taken = {number: course.grade(list(named(ending, number))) for number in (base, *sorted(numbers))}
    start = taken.pop(base)
    each = {}
    for number, took in taken.items():
        more = number - base
        each[number] = 1e3 * (took.seconds - start.seconds) / more
        cpu = 1e3 * (took.cpu - start.cpu) / more
        print(f"  {number:12}{took.seconds:10.1f}{each[number]:9.1f}{cpu:13.1f}{took.peak:16.1f}", flush=True)
    if len(taken) < 2:
        return
    first, last = min(taken), max(taken)
    linear, flat = each[last] / each[first] - 1, taken[last].peak / taken[first].peak - 1
    for what, value, bound in (("time a submission", linear, LINEAR), ("coordinator's memory", flat, FLAT)):
        verdict = "met" if abs(value) <= bound else "MISSED"
        print(f"  {what} from {first} to {last}: {value:+.1%}; within {bound:.0%}: {verdict}")


def _otter(given: Path | None) -> Path | None:
    beside = Path(sys.executable).parent / "otter"
    found = given or (beside if beside.is_file() else shutil.which("otter"))
    return Path(found).absolute() if found else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="times that all graders are run in turn")
    parser.add_argument("--sample", type=int, default=8, metavar="N", help="submissions for the slow graders")
    parser.add_argument("--all", action="store_true", help="all submissions for the slow graders, the loops too")
    parser.add_argument("--otter", type=Path, metavar="PATH", help="the command of otter-grader")
    parser.add_argument("--sizes", type=int, nargs="*", default=[250, 1000], metavar="N", help="sizes of large classes")
    parser.add_argument("--no-rivals", action="store_true", help="only the large classes")
    given = parser.parse_args()
    scripts = mixed()
    with tempfile.TemporaryDirectory(prefix="classroom-") as folder:
        root = Path(folder)
        course = Course(root)
        if not given.no_rivals:
            graders = [course, Nbgrader(root), Pytest(root)]
            otter = _otter(given.otter)
            if otter is not None:
                graders.append(Otter(root, otter))
            else:
                print("otter run: otter-grader is not installed here, so it is left out")
            rates(graders, scripts, len(scripts) if given.all else given.sample, given.rounds)
            loops(graders, scripts, all_graders=given.all)
        if given.sizes:
            sizes(course, [script for script in scripts if script.ends], given.sizes)


if __name__ == "__main__":
    main()
