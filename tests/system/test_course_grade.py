"""`course grade`, `report` and `export`: what they say and write, and how they end. The second half grades for real."""

import contextlib
import csv
import io
import json
import os
import pty
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from classes import canned, nothing_is_left, processes_of, script, write_class
from click.testing import CliRunner, Result
from places import KIT
from small_kit import CHECKS, SOLUTION, STUB

from autograder.classroom import local_engine
from autograder.classroom.names import file_stem
from autograder.cli import classroom
from autograder.cli.course import main

FEW = {"ann.py": "7", "bob/exercise2.py": "5", "zoe.py": "0"}


@pytest.fixture
def submissions(tmp_path):
    return write_class(tmp_path / "submissions", FEW)


@pytest.fixture
def output(tmp_path):
    return tmp_path / "results"


@pytest.fixture
def course(monkeypatch) -> Callable[..., Result]:
    """Run the command in this process, with canned verdicts."""

    def grade_all(order, submissions, jobs):
        jobs_seen.append(jobs)
        yield from (canned(order, submission) for submission in submissions)

    def run(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code == code, (result.output, result.exception)
        return result

    jobs_seen: list[int] = []
    monkeypatch.setattr(local_engine, "grade_all", grade_all)
    monkeypatch.chdir(KIT)
    run.jobs = jobs_seen
    return run


def refusal(result: Result) -> str:
    """The one line of a run that was refused."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("course: ")
    assert result.stderr.count("\n") == 1, result.stderr
    assert "; " in result.stderr
    return result.stderr


class TestWhatItSays:
    def test_of_a_class(self, course, submissions, output):
        result = course("grade", "exercise2", submissions, "--output", output)
        assert result.stdout.splitlines() == [
            "3 graded, 17.7 of 30 points on average",
            "  forward                2.0 / 3    67% with full marks",
            "  loss                   1.3 / 2    67% with full marks",
            "  manual_gradients       4.0 / 6    67% with full marks",
            "  chain_rule_gradients   6.7 / 10   67% with full marks",
            "  update                 1.3 / 2    67% with full marks",
            "  train_step             1.7 / 5    33% with full marks",
            "  collapse               0.7 / 2    33% with full marks",
            f"3 graded, 0 unchanged; see {output / 'report.html'}",
        ]
        assert re.fullmatch(r"3/3, 1 of 3 graded with full marks, [\d.]+/s\n", result.stderr)
        again = course("grade", "exercise2", submissions, "--output", output)
        assert again.stdout.splitlines()[-1].startswith("0 graded, 3 unchanged")
        assert again.stderr == "3/3\n"

    def test_of_what_was_refused(self, course, submissions, output):
        write_class(submissions, {"pat/essay.txt": "-"})
        missing = course("grade", "exercise2", submissions, "--output", output)
        assert "not graded: pat has no exercise2.py or exercise2.ipynb in it" in missing.stderr
        write_class(submissions, {"bob.py": "1", "a.pdf": "", "b.txt": ""})
        (submissions / "eve.py").symlink_to("/etc/passwd")
        result = course("grade", "exercise2", submissions, "--output", output, code=1)
        lines = result.stderr.splitlines()
        assert lines[1:] == [
            "not graded: bob has 2 files (bob.py, bob/exercise2.py); leave the one that is to be graded",
            "not graded: eve.py is a symbolic link; put the file itself there",
            "not graded: pat has no exercise2.py or exercise2.ipynb in it",
            "nobody's submission: a.pdf, b.txt",
            "graded earlier, and not here any more: bob; the results stay",
        ]
        assert "0 graded, 2 unchanged" in result.stdout

    def test_loudly_where_the_grader_failed(self, course, submissions, output):
        write_class(submissions, {"zoe.py": "lost"})
        for _ in range(2):
            result = course("grade", "exercise2", submissions, "--output", output, code=3)
            assert "ERROR: no verdict on zoe: the grader failed on this file, twice: it was killed by" in result.stderr
            assert result.stderr.splitlines()[-1].startswith("ERROR: the grader itself failed, which is no student's")
        assert "1 graded, 2 unchanged" in result.stdout

    def test_of_scores_that_changed_with_the_cases(self, course, submissions, output, monkeypatch):
        course("grade", "exercise2", submissions, "--output", output)
        write_class(submissions, {"ann.py": "7", "zoe.py": "1"})

        def stricter(order, given, jobs):
            from dataclasses import replace

            for submission in given:
                report = canned(order, submission)
                yield replace(report, functions=tuple(replace(one, score=0) for one in report.functions))

        monkeypatch.setattr(local_engine, "grade_all", stricter)
        result = course("grade", "exercise2", submissions, "--output", output, "--seed", 4)
        changed = [line for line in result.stderr.splitlines() if line.startswith("changed")]
        assert changed == [
            "changed: ann had 30 points and now has 0",
            "changed: bob had 23 points and now has 0",
        ]

    def test_of_what_would_change(self, course, submissions, output, tmp_path):
        course("grade", "exercise2", submissions, "--output", output)
        write_class(submissions, {"zoe.py": "1"})
        elsewhere = tmp_path / "elsewhere"
        result = course("grade", "exercise2", submissions, "--output", elsewhere, "--compare", output)
        assert result.stdout.splitlines() == [
            "zoe: 0 before, 3 now",
            "2 students keep their score; nothing was written",
        ]
        assert not elsewhere.exists()
        said = refusal(course("grade", "exercise1", submissions, "--output", elsewhere, "--compare", output, code=2))
        assert "holds the grades of exercise2; name a folder of exercise1" in said
        said = refusal(course("grade", "exercise2", submissions, "--output", elsewhere, "--compare", elsewhere, code=2))
        assert "there is no grades.db in" in said

    def test_how_many_graders_there_are(self, course, submissions, output):
        course("grade", "exercise2", submissions, "--output", output)
        course("grade", "exercise2", submissions, "--output", output, "--fresh", "--jobs", 7)
        assert course.jobs == [len(os.sched_getaffinity(0)), 7]

    def test_of_times_and_penalties(self, course, submissions, output, tmp_path):
        times = tmp_path / "times.csv"
        times.write_text("student,time\nann,2026-12-01 10:00\nbob,2026-12-02 11:00\nzoe,2026-12-01 09:00\n")
        more = ("--deadline", "2026-12-01 12:00", "--late-penalty", "1/day", "--times", times)
        result = course("grade", "exercise2", submissions, "--output", output, *more)
        assert result.stderr.startswith("the deadline is 2026-12-01 12:00:00 UTC")
        rows = list(csv.reader(io.StringIO((output / "grades.csv").read_text(encoding="utf-8"))))
        assert [(row[0], row[1]) for row in rows[1:]] == [("ann", "30"), ("bob", "22"), ("zoe", "0")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--late-penalty", "20%"], "a late penalty needs a --deadline"),
        (["--times", "x.csv"], "a late penalty needs a --deadline"),
        (["--deadline", "tomorrow"], 'the deadline "tomorrow" is not a date and a time; write it as'),
        (["--deadline", "2026-12-01 12:00", "--late-penalty", "all"], 'the late penalty "all" cannot be read; write'),
        (
            ["--deadline", "2026-12-01 12:00", "--times", "none.csv"],
            "none.csv cannot be read (No such file or directory)",
        ),
        (["--scheduler", "tcp://a:1"], "a --scheduler needs --engine dask"),
        (["--seed-per-student", ""], "--seed-per-student needs a word"),
        (["--only", "kim"], "there is no submission of kim to be graded; name a student as the file"),
        (["--compare", "nowhere"], "there is no grades.db in nowhere; grade a class into it first"),
    ],
)
def test_unusable_options_are_one_line_and_nothing_is_written(course, submissions, output, arguments, says):
    result = course("grade", "exercise2", submissions, "--output", output, *arguments, code=2)
    assert says in result.stderr
    assert len([line for line in result.stderr.splitlines() if not line.startswith("the deadline")]) == 1
    assert not output.exists()


def test_unusable_folders_are_one_line_and_nothing_is_written(course, submissions, output, tmp_path):
    (tmp_path / "empty").mkdir()
    for folder, says in (
        (tmp_path / "empty", "there are no submissions in"),
        (tmp_path / "none", "there is no folder"),
        (submissions / "ann.py", "is not a folder; name the folder"),
    ):
        assert says in refusal(course("grade", "exercise2", folder, "--output", output, code=2))
    for name, says in (
        ("exercise7", "there is no exercise 'exercise7'; did you mean"),
        ("../x", "there is no exercise"),
    ):
        assert says in refusal(course("grade", name, submissions, "--output", output, code=2))
    assert not output.exists()
    said = refusal(course("grade", "exercise2", submissions, "--output", submissions / "results", code=2))
    assert "lies inside the folder of submissions; name an --output outside of it" in said
    course("grade", "exercise2", submissions, "--output", output)
    assert "holds the grades of exercise2" in refusal(
        course("grade", "exercise1", submissions, "--output", output, code=2)
    )
    (output / "grades.db").write_bytes(b"no database at all" * 99)
    for command in (["grade", "exercise2", submissions, "--output", output], ["report", output]):
        assert "is no database of grades" in refusal(course(*command, code=2))


def test_another_run_at_work_is_one_line(course, submissions, output):
    from autograder.classroom.store import Store

    course("grade", "exercise2", submissions, "--output", output)
    with Store(output):
        said = refusal(course("grade", "exercise2", submissions, "--output", output, code=2))
    assert "another `course` is at work in" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_one_line_and_the_store_stays_whole(course, submissions, output, monkeypatch, number):
    def interrupted(order, given, jobs):
        for at, submission in enumerate(given):
            if at == 2:
                os.kill(os.getpid(), number)
                time.sleep(10)
            yield canned(order, submission)

    whole = local_engine.grade_all
    monkeypatch.setattr(local_engine, "grade_all", interrupted)
    before = signal.getsignal(number)
    result = course("grade", "exercise2", submissions, "--output", output, code=128 + number)
    assert signal.getsignal(number) is before
    assert result.stderr == "course: stopped; what is graded is stored, and the same command goes on from there\n"
    monkeypatch.setattr(local_engine, "grade_all", whole)
    assert "1 graded, 2 unchanged" in course("grade", "exercise2", submissions, "--output", output).stdout


class TestHandingOn:
    """`course report` and `course export`."""

    @pytest.fixture(autouse=True)
    def graded(self, course, submissions, output):
        course("grade", "exercise2", submissions, "--output", output)

    def test_the_page_again(self, course, output):
        result = course("report", output)
        assert (output / "report.html").is_file()
        assert result.stdout.splitlines()[0] == "3 graded, 17.7 of 30 points on average"
        assert result.stdout.splitlines()[-1] == f"{output / 'report.html'} is written"

    def test_the_table(self, course, output):
        result = course("export", output, "--format", "csv")
        assert result.stdout_bytes == (output / "grades.csv").read_bytes()

    def test_into_canvas(self, course, output, tmp_path):
        into, filled = tmp_path / "canvas.csv", tmp_path / "filled.csv"
        into.write_text(
            "Student,ID,SIS Login ID,Section,Two layers (12)\n    Points Possible,,,,30\n"
            '"Lee, Ann",1,ann,A,\n"Kay, Bob",2,bob,A,3\n"Poe, Kim",3,kim,A,\n'
        )
        result = course(
            "export", output, "--format", "canvas", "--into", into, "--column", "Two layers", "--output", filled
        )
        rows = list(csv.reader(io.StringIO(filled.read_text(encoding="utf-8"))))
        assert [row[-1] for row in rows[2:]] == ["30", "23", ""]
        assert result.stderr.splitlines() == [
            "2 scores written",
            f"not in {into}: zoe",
            "without a result: Poe, Kim",
            f"wrote {filled}",
        ]
        said = refusal(course("export", output, "--format", "canvas", code=2))
        assert "Canvas takes scores in its own file; export the gradebook there and name it with --into" in said
        said = refusal(course("export", output, "--format", "canvas", "--into", into, "--output", into, code=2))
        assert "is the file that was exported; name another --output" in said

    def test_into_moodle(self, course, output, tmp_path):
        result = course("export", output, "--format", "moodle", "--column", "Exercise 2")
        assert result.stdout.splitlines() == ["ID number,Exercise 2", "ann,30", "bob,23", "zoe,0"]
        into = tmp_path / "worksheet.csv"
        into.write_text(
            "Identifier,Full name,ID number,Status,Grade,Maximum Grade,Grade can be changed\n"
            "Participant 7,Ann Lee,ann,Submitted,,30.00,Yes\nParticipant 8,Bob Kay,bob,Submitted,,30.00,Yes\n"
        )
        result = course("export", output, "--format", "moodle", "--into", into)
        assert [row[4] for row in csv.reader(io.StringIO(result.stdout))] == ["Grade", "30", "23"]
        assert result.stderr.splitlines() == ["2 scores written", f"not in {into}: zoe"]

    def test_into_nbgraders_gradebook(self, course, submissions, output, tmp_path):
        url = f"sqlite:///{tmp_path / 'gradebook.db'}"
        grade = ("grade", "exercise2", submissions, "--output", output)
        before = course(*grade, "--compare", url)
        assert before.stdout.splitlines()[:3] == [
            "ann: not graded before, 30 now", "bob: not graded before, 23 now", "zoe: not graded before, 0 now"
        ]  # fmt: skip
        assert f"the scores are in {url}" in course("export", output, "--format", "nbgrader", "--gradebook", url).stdout
        assert course(*grade, "--compare", url).stdout == "3 students keep their score; nothing was written\n"
        write_class(submissions, {"zoe.py": "1"})
        assert f"the scores are in {url}" in course(*grade, "--gradebook", url).stdout
        assert course(*grade, "--compare", url).stdout == "3 students keep their score; nothing was written\n"

    @pytest.mark.parametrize("output_file", ["none/x.csv", "."])
    def test_a_file_that_cannot_be_written(self, course, output, tmp_path, monkeypatch, output_file):
        result = course("export", output, "--format", "csv", "--output", tmp_path / output_file, code=2)
        assert result.stderr

    def test_of_a_folder_without_grades(self, course, tmp_path):
        for command in (["report", tmp_path], ["export", tmp_path, "--format", "csv"]):
            assert "there is no grades.db in" in refusal(course(*command, code=2))
        assert list(tmp_path.glob("grades.db*")) == []


class TestProgress:
    def test_the_rate_does_not_count_the_start_of_the_graders(self, monkeypatch):
        now = 100.0
        monkeypatch.setattr("time.monotonic", lambda: now)
        lines = classroom._Lines()
        lines.begin(12)
        now = 160.0  # a minute until the first
        texts = []
        for at in range(11):
            lines.graded(type("Row", (), {"raw_score": at, "max_score": 3})())
            texts.append(lines.text)
            now += 0.5
        assert texts[0] == "1/12, 0 of 1 graded with full marks"
        assert texts[-1] == "11/12, 1 of 11 graded with full marks, 2.0/s, 0:00 left"
        lines.known()
        assert lines.text.startswith("12/12, ")
        assert "left" not in lines.text

    def test_lines_come_now_and_then_and_at_the_end(self, monkeypatch, capsys):
        now = 100.0
        monkeypatch.setattr("time.monotonic", lambda: now)
        lines = classroom._Lines()
        lines.begin(40)
        for _ in range(40):
            now += 1.0
            lines.known()
        assert capsys.readouterr().err.splitlines() == ["10/40", "20/40", "30/40", "40/40"]

    @pytest.mark.parametrize(("seconds", "shown"), [(0.4, "0:00"), (59.6, "1:00"), (3599, "59:59"), (7325, "2:02:05")])
    def test_time_left(self, seconds, shown):
        assert classroom._clock(seconds) == shown


# For real


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
    "wrong.py": "submissions/exercise2/wrong/upstream_factor_missing.py",
    "rule.py": "submissions/exercise2/wrong/chain_rule_by_autograd.py",
    "thief.py": "attacks/exercise2/steal_checks_at_import.py",
    "forger.py": "attacks/exercise2/forge_names.py",
}


def mixed_class(folder: Path) -> Path:
    write_class(folder, MIXED)
    for name, path in FOUND.items():
        shutil.copy(KIT / "tests" / path, folder / name)
    (folder / "photo.py").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40)
    with (folder / "huge.py").open("wb") as file:
        file.truncate(1 << 30)
    write_class(folder, {"twice.py": RIGHT, "twice/exercise2.py": RIGHT, "nobody/readme.txt": "-"})
    (folder / "link.py").symlink_to("/etc/passwd")
    return folder


REFERENCE = (
    "import json; from pathlib import Path\n"
    "from autograder.authoring.catalog import find_exercise; from autograder.grading.grader import grade_one\n"
    "from autograder.host.fork_server import ForkServer; from autograder.report import json as form\n"
    "from autograder.submissions.submission import read_any\n"
    "exercise = find_exercise(Path.cwd(), 'exercise2')\n"
    "with Template.start() as template:\n"
    "    for line in sys.stdin.read().splitlines():\n"
    "        student, path = json.loads(line)\n"
    "        report = grade_one(exercise, read_any(Path(path), Path(path), student), template=template)\n"
    "        print(json.dumps(form.render(report)))\n"
)


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
    def test_everybody_has_the_report_that_grade_gives(self, kit, graded):
        submissions, output, *_ = graded
        files = {file_stem_of(name): submissions / name for name in (*MIXED, *FOUND, "photo.py", "huge.py")}
        given = "".join(json.dumps([student, str(path)]) + "\n" for student, path in files.items())
        code = f"sys.path.insert(0, {str(kit)!r})\n{REFERENCE}"
        process = script(code, stdin=subprocess.PIPE, cwd=kit, env=os.environ | {"COURSE_SECRET": "c0urse-word"})
        out, err = process.communicate(given, timeout=300)
        assert err == ""
        wanted = [plain(json.loads(json.loads(line))) for line in out.splitlines()]
        assert stored(output) == {report["student"]: report for report in wanted}

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
        assert "huge.py is larger than 10 MB" in said["huge"]

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


def file_stem_of(name: str) -> str:
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

    def test_of_a_whole_run_at_twenty_moments_cost_nothing(self, kit, calm, output, scratch):
        submissions, undisturbed, seconds = calm
        moments = random.Random(11)
        for number in range(20):
            fresh = ["--fresh"] * (number % 4 == 3)
            process = start(kit, "grade", "tiny", submissions, "--output", output, *fresh, scratch=scratch)
            time.sleep(moments.uniform(0.0, 1.1 * seconds))
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

    def test_ctrl_c_ends_all_with_one_line(self, kit, submissions, output, scratch):
        write_class(submissions, dict.fromkeys(FEW, RIGHT) | {"ann.py": RIGHT + LOOP})
        process = start(kit, "grade", "exercise2", submissions, "--output", output, scratch=scratch)
        deadline = time.monotonic() + 120
        while not list(output.glob("reports/*.json")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert out == ""
        assert err == "course: stopped; what is graded is stored, and the same command goes on from there\n"
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
