"""`course grade` for real: a mixed class, kills, seeds, and what has changed since."""

import contextlib
import csv
import io
import json
import os
import pty
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from classes import nothing_is_left, processes_of, write_class
from places import KIT
from small_kit import CHECKS, SOLUTION, STUB

from autograder.authoring.catalog import find_exercise
from autograder.classroom.names import file_stem
from autograder.grading.grader import Grader
from autograder.model import GradingSpec
from autograder.report import json as json_report
from autograder.submissions.submission import read_any


@pytest.fixture(scope="module")
def kit(tmp_path_factory) -> Path:
    """A copy of the kit, whose files a test may change, with a tiny exercise besides."""
    kit = tmp_path_factory.mktemp("kit")
    for name in ("autograder", "exercises", "solutions", "datasets"):
        shutil.copytree(KIT / name, kit / name, ignore=shutil.ignore_patterns("*.new"))
    write_class(
        kit,
        {"autograder/checks/tiny.py": CHECKS, "solutions/tiny.py": SOLUTION, "exercises/tiny.py": STUB},
    )
    return kit


@pytest.fixture
def output(tmp_path):
    return tmp_path / "results"


@pytest.fixture
def scratch(tmp_path):
    """The folder for temporary files of the runs, of which nothing may be left."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    yield folder
    nothing_is_left(folder)


def start(kit: Path, *arguments: object, scratch: Path, **more: object) -> subprocess.Popen[str]:
    """Start the command in a kit, in a process group of its own."""
    code = f"import sys; sys.path.insert(0, {str(kit)!r}); from autograder.cli.course import main; main()"
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code, *map(str, arguments)],
        cwd=kit,
        env=os.environ | {"TMPDIR": str(scratch), "COURSE_SECRET": "c0urse-word"},
        text=True,
        start_new_session=True,
        **streams,
    )


def finish(process: subprocess.Popen[str], code: int = 0) -> tuple[str, str]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == code, (out, err)
    assert "Traceback" not in err
    return out, err


def plain(report: dict) -> dict:
    """A report but for how long it took, where the file lies, and in what words memory that is used up is told."""
    del report["seconds"], report["submission"]["path"]
    report.pop("instructor", None)  # hidden checks in full, which no student gets
    for check in report["checks"]:
        del check["seconds"]
        if report["student"] == "hungry":  # whether it runs out of memory or of time first depends on the machine
            del check["message"]
    return report


def stored(output: Path) -> dict[str, dict]:
    """The reports by student, as they lie beside the store, which holds the same."""
    reports = {}
    for path in sorted((output / "reports").iterdir()):
        report = json.loads(path.read_text(encoding="utf-8"))
        assert report["student"] not in reports
        assert path.name == f"{file_stem(report['student'])}.json"
        reports[report["student"]] = plain(report)
    with contextlib.closing(sqlite3.connect(output / "grades.db")) as database:
        scores = dict(database.execute("SELECT student, raw_score FROM submission"))
    assert scores == {student: report["score"] for student, report in reports.items()}
    return reports


RIGHT = (KIT / "tests/corpus/right/exercise2/plain.py").read_text(encoding="utf-8")
LOOP = "\n\ndef collapse(parameters):\n    while True:\n        pass\n"
MIXED = {
    "right.py": RIGHT,
    "Jürgen Ä.py": RIGHT,
    "loop/exercise2.py": RIGHT + LOOP,
    "hungry/exercise2/exercise2.py": RIGHT
    + "\n\ndef loss(y_pred, y):\n    return [bytearray(1 << 30) for _ in range(99)]\n",
    "flood.py": RIGHT + "\n\ndef update(*_):\n    for _ in range(10**5):\n        print('x' * 1000)\n    return {}\n",
    "crash.py": "import os\n" + RIGHT + "\n\ndef forward(parameters, x):\n    os.abort()\n",
    "exit.py": RIGHT + "\n\nraise SystemExit(0)\n",
    "syntax.py": "def forward(:\n",
    "空.py": "",
    "unwritten.py": (KIT / "exercises/exercise2.py").read_text(encoding="utf-8"),
    "Doe, Jane.py": RIGHT.replace("def loss", "def lost"),
}
FOUND = {
    "wrong.py": "corpus/wrong/exercise2/upstream_factor_missing.py",
    "rule.py": "corpus/wrong/exercise2/chain_rule_by_autograd.py",
    "thief.py": "corpus/attacks/exercise2/steal_checks_at_import.py",
    "forger.py": "corpus/attacks/exercise2/forge_names.py",
}


def mixed_class(folder: Path) -> Path:
    write_class(folder, MIXED)
    for name, path in FOUND.items():
        shutil.copy(KIT / "tests" / path, folder / name)
    (folder / "photo.py").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40)
    with (folder / "huge.py").open("wb") as file:
        file.truncate(1 << 30)
    write_class(folder, {"twice.py": RIGHT, "twice/exercise2.py": RIGHT + "\n", "nobody/readme.txt": "-"})
    (folder / "link.py").symlink_to("/etc/passwd")
    return folder


@pytest.fixture(scope="module")
def graded(kit, tmp_path_factory) -> Iterator[tuple[Path, Path, str, str]]:
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "tmp").mkdir()
    submissions, output = mixed_class(folder / "class"), folder / "results"
    process = start(kit, "grade", "exercise2", submissions, "--output", output, scratch=folder / "tmp")
    out, err = finish(process, 1)
    nothing_is_left(folder / "tmp")
    return submissions, output, out, err


class TestAMixedClass:
    def test_everybody_has_the_report_that_grade_gives(self, kit, graded, fork_server, monkeypatch):
        submissions, output, *_ = graded
        monkeypatch.setenv("COURSE_SECRET", "c0urse-word")
        grader, wanted = Grader(GradingSpec(find_exercise(KIT, "exercise2"), secret="c0urse-word"), fork_server), {}
        for name in (*MIXED, *FOUND, "photo.py", "huge.py"):
            path, student = submissions / name, student_of(name)
            report = grader.grade(read_any(path, path, student))
            text = json_report.render(report).replace(str(KIT), str(kit))  # one has tried to read the checks
            wanted[student] = plain(json.loads(text))
        assert stored(output) == wanted

    def test_nobody_suffers_from_another(self, graded):
        reports = stored(graded[1])
        full = {"right", "Jürgen Ä"}
        assert {student for student, report in reports.items() if report["score"] == 30} == full
        losses = {"loop": 2, "hungry": 2, "flood": 2, "crash": 3, "Doe, Jane": 2}
        assert {student: 30 - reports[student]["score"] for student in losses} == losses
        for student in ("syntax", "exit", "空", "unwritten", "photo", "huge"):
            assert reports[student]["score"] == 0, student
        assert not any(check["outcome"] == "errored" for report in reports.values() for check in report["checks"])
        assert {report["grader"]["isolation"] for report in reports.values()} == {"sandbox"}
        said = {student: reports[student]["checks"][0]["message"] for student in ("photo", "huge")}
        assert "photo.py is not a text file" in said["photo"]
        assert "huge.py is too large (its code is over 2 MB)" in said["huge"]

    def test_all_files_are_there_and_what_was_refused_is_named(self, graded):
        _, output, out, err = graded
        students = set(stored(output))
        assert len(students) == 17
        assert {path.stem for path in (output / "feedback").iterdir()} == {file_stem(student) for student in students}
        rows = list(csv.reader(io.StringIO((output / "grades.csv").read_text(encoding="utf-8"))))
        assert {row[0] for row in rows[1:]} == students
        assert "<h1" in (output / "report.html").read_text(encoding="utf-8")
        assert "17 graded, 0 unchanged" in out
        refused = [line for line in err.splitlines() if line.startswith("not graded: ")]
        assert [line.split()[2] for line in refused] == ["link.py", "nobody", "twice"]
        text = "".join(path.read_text(encoding="utf-8") for path in output.rglob("*.[hjc]*") if path.is_file())
        assert "c0urse-word" not in text

    def test_another_run_grades_nothing_and_one_on_a_terminal_shows_a_bar(self, kit, graded, scratch):
        submissions, output, *_ = graded
        before = stored(output)
        seen, code = on_a_terminal(kit, scratch, "grade", "exercise2", submissions, "--output", output)
        assert code == 1
        assert "━" in seen
        assert "17/17" in seen
        assert "0 graded, 17 unchanged" in seen
        assert stored(output) == before


def student_of(name: str) -> str:
    """The student of a file of the class."""
    return name.partition("/")[0].removesuffix(".py")


def on_a_terminal(kit: Path, scratch: Path, *arguments: object) -> tuple[str, int]:
    """Run the command on a terminal; what it showed, without what moves the cursor, and its exit code."""
    ours, theirs = pty.openpty()
    process = start(kit, *arguments, scratch=scratch, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # how a terminal whose other side has ended is read
        while more := os.read(ours, 65536):
            shown += more
    os.close(ours)
    code = process.wait(timeout=60)
    return click.unstyle(shown.decode(errors="replace")), code


TINY = "def double(x):\n    return 2 * x\n\n\ndef half(x):\n    return x / {}\n"


def tiny_class(folder: Path, size: int) -> Path:
    return write_class(folder, {f"s{number:02}.py": TINY.format(number % 4) for number in range(size)})


def services_of(process: subprocess.Popen[str]) -> list[int]:
    """The processes of a run's graders."""
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return [
            pid
            for pid in map(int, children)
            if b"autograder.grading.service" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
    except OSError:
        return []


@pytest.fixture(scope="module")
def calm(kit, tmp_path_factory) -> tuple[Path, Path, float]:
    """An undisturbed run, and how long it took."""
    folder = tmp_path_factory.mktemp("calm")
    (folder / "tmp").mkdir()
    submissions = tiny_class(folder / "class", 24)
    began = time.monotonic()
    finish(start(kit, "grade", "tiny", submissions, "--output", folder / "results", scratch=folder / "tmp"))
    return submissions, folder / "results", time.monotonic() - began


class TestKills:
    def same(self, output: Path, calm: Path) -> None:
        assert stored(output) == stored(calm)
        assert len(stored(output)) == 24
        assert (output / "grades.csv").read_bytes() == (calm / "grades.csv").read_bytes()
        names = [sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) for folder in (output, calm)]
        assert names[0] == names[1]

    def test_of_a_whole_run_at_any_moment_cost_nothing(self, kit, calm, output, scratch):
        submissions, undisturbed, seconds = calm
        moments = random.Random(11)
        for number in range(8):
            fresh = ["--fresh"] * (number % 4 == 3)
            process = start(kit, "grade", "tiny", submissions, "--output", output, *fresh, scratch=scratch)
            time.sleep(moments.uniform(0.3, 1.1) * seconds)  # before, there is nothing to lose
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            for path in output.glob("*/[!.]*"):
                assert path.read_text(encoding="utf-8").rstrip().endswith(("}", "</html>"))
        nothing_is_left(scratch)
        finish(start(kit, "grade", "tiny", submissions, "--output", output, scratch=scratch))
        self.same(output, undisturbed)

    def test_of_graders_alone_cost_at_most_another_run(self, kit, calm, output, scratch):
        submissions, undisturbed, _ = calm
        process = start(kit, "grade", "tiny", submissions, "--output", output, "--jobs", 2, scratch=scratch)
        moments = random.Random(5)
        killed = reported = 0
        while process.poll() is None:
            written = len(list(output.glob("reports/*.json")))
            if written > reported and killed < 6:  # some that grade, some that have just been started
                reported = written
                time.sleep(moments.uniform(0.0, 0.2))
                for pid in services_of(process):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
            time.sleep(0.02)
        out, err = process.communicate(timeout=300)
        assert killed
        assert process.returncode == 3 if "ERROR" in err else process.returncode == 0, (process.returncode, err)
        assert "24 graded, 0 unchanged" in out, err
        finish(start(kit, "grade", "tiny", submissions, "--output", output, scratch=scratch))
        self.same(output, undisturbed)

    def test_ctrl_c_ends_all_with_one_line(self, kit, tmp_path, output, scratch):
        few = {"ann.py": RIGHT + LOOP, "bob.py": RIGHT, "zoe.py": RIGHT}
        submissions = write_class(tmp_path / "submissions", few)
        process = start(kit, "grade", "exercise2", submissions, "--output", output, scratch=scratch)
        deadline = time.monotonic() + 120
        while not list(output.glob("reports/*.json")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert out == ""
        *progress, said = err.splitlines()  # on a slow machine it has told how far it is
        assert said == "course: interrupted; what is graded is stored, and the same command goes on from there"
        assert "Traceback" not in "".join(progress)
        nothing_is_left(scratch)
        assert stored(output)


def test_seeds_of_each_students_own_give_the_same_verdict_again(kit, tmp_path, output, scratch):
    echo = "\n\ndef half(x):\n    raise ValueError([float(value) for value in x])\n"
    submissions = write_class(tmp_path / "class", {f"{name}.py": TINY.format(2) + echo for name in ("ann", "bob")})
    command = ("grade", "tiny", submissions, "--output", output, "--seed-per-student", "s4lt")
    (kit / "autograder/checks/tiny.py").write_text(
        CHECKS.replace('"half", points=1', '"half", points=1, visibility="hidden"'), encoding="utf-8"
    )
    try:
        finish(start(kit, *command, scratch=scratch))
        first = stored(output)
        assert sum("ValueError" in json.dumps(report) for report in first.values()) == 0  # hidden cases are not shown
        finish(start(kit, *command, "--only", "bob", scratch=scratch))
        assert stored(output) == first
    finally:
        (kit / "autograder/checks/tiny.py").write_text(CHECKS, encoding="utf-8")
    with contextlib.closing(sqlite3.connect(output / "grades.db")) as database:
        seeds = dict(database.execute("SELECT student, hidden_seed FROM submission"))
    assert len(set(seeds.values())) == 2
    text = "".join(path.read_text(encoding="utf-8") for path in output.rglob("*.[hjc]*") if path.is_file())
    assert not any(word in text for word in ("s4lt", "c0urse-word", *seeds.values()))


def test_without_a_sandbox_nothing_is_graded(kit, tmp_path, output, scratch):
    submissions = tiny_class(tmp_path / "class", 2)
    landlock = kit / "autograder/worker/landlock.py"
    before = landlock.read_text(encoding="utf-8")
    try:
        landlock.write_text(before + "\n\ndef version() -> int:\n    return 0\n", encoding="utf-8")
        _, err = finish(start(kit, "grade", "tiny", submissions, "--output", output, scratch=scratch), 2)
        assert err.startswith("course: no sandbox here (this kernel has no Landlock); grade on Linux 5.13 or later")
        assert err.count("\n") == 1
        assert list((output / "reports").iterdir()) == []
        assert not (output / "grades.csv").exists()
        more = ("--isolation", "process")
        finish(start(kit, "grade", "tiny", submissions, "--output", output, *more, scratch=scratch))
        assert {report["grader"]["isolation"] for report in stored(output).values()} == {"process"}
    finally:
        landlock.write_text(before, encoding="utf-8")
    assert processes_of(scratch) == []


def test_checks_that_change_are_run_again_and_what_they_change_is_told(kit, tmp_path, output, scratch):
    submissions = write_class(tmp_path / "class", {"ann.py": TINY.format(2), "bob.py": TINY.format(3)})
    finish(start(kit, "grade", "tiny", submissions, "--output", output, scratch=scratch))
    solution, checks = kit / "solutions/tiny.py", kit / "autograder/checks/tiny.py"
    try:
        solution.write_text(SOLUTION.replace("x / 2", "x / 3"), encoding="utf-8")
        checks.write_text(CHECKS.replace("terms(x / 2)", "terms(x / 3)"), encoding="utf-8")
        out, err = finish(start(kit, "grade", "tiny", submissions, "--output", output, scratch=scratch))
    finally:
        solution.write_text(SOLUTION, encoding="utf-8")
        checks.write_text(CHECKS, encoding="utf-8")
    assert "2 graded, 0 unchanged" in out
    assert [line for line in err.splitlines() if line.startswith("changed")] == [
        "changed: ann had 6 points and now has 5",
        "changed: bob had 5 points and now has 6",
    ]
