"""`course grade`, `report` and `export`: what they say and write, and how they end; the verdicts are canned."""

import csv
import io
import os
import re
import signal
import time
from dataclasses import replace

import pytest
from classes import canned, write_class
from course_commands import course, refusal
from places import KIT

from autograder.classroom import local_engine
from autograder.nbgrader import gradebook

FEW = {"ann.py": "7", "bob/exercise2.py": "5", "zoe.py": "0"}


@pytest.fixture
def submissions(tmp_path):
    return write_class(tmp_path / "submissions", FEW)


@pytest.fixture
def output(tmp_path):
    return tmp_path / "results"


@pytest.fixture(autouse=True)
def jobs(monkeypatch) -> list[int]:
    """Canned verdicts in place of graders; how many there would have been."""
    seen: list[int] = []

    def grade_all(order, submissions, jobs):
        seen.append(jobs)
        yield from (canned(order, submission) for submission in submissions)

    monkeypatch.setattr(local_engine, "grade_all", grade_all)
    monkeypatch.chdir(KIT)
    return seen


class TestWhatItSays:
    def test_of_a_class(self, submissions, output):
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

    def test_of_what_was_refused(self, submissions, output):
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
            "graded earlier, and refused now: bob; the results stay",
        ]
        assert "0 graded, 2 unchanged" in result.stdout

    def test_loudly_where_the_grader_failed(self, submissions, output):
        write_class(submissions, {"zoe.py": "lost"})
        for _ in range(2):
            result = course("grade", "exercise2", submissions, "--output", output, code=3)
            assert "ERROR: no verdict on zoe: the grader failed on this file, twice: it was killed by" in result.stderr
            assert result.stderr.splitlines()[-1].startswith("ERROR: the grader itself failed, which is no student's")
        assert "1 graded, 2 unchanged" in result.stdout

    @pytest.mark.parametrize(
        ("files", "code", "said"),
        [
            ({"zoe.py": "lost"}, 3, "ERROR: no verdict on zoe"),
            ({"bob.py": "1"}, 1, "not graded: bob has 2 files"),
            ({"pat/essay.txt": "-"}, 0, "not graded: pat has no exercise2.py"),
            ({"more/ann.py": "7", "more/kim.py": "7"}, 1, "not graded: more has no exercise2.py"),
            ({"pat.zip": "no zip"}, 1, "not graded: pat.zip cannot be unpacked"),
        ],
    )
    def test_of_a_comparison_that_is_not_whole(self, submissions, output, tmp_path, files, code, said):
        course("grade", "exercise2", submissions, "--output", output)
        write_class(submissions, files)
        more = ("--output", tmp_path / "elsewhere", "--compare", output)
        assert said in course("grade", "exercise2", submissions, *more, code=code).stderr

    def test_of_scores_that_changed_with_the_cases(self, submissions, output, monkeypatch):
        course("grade", "exercise2", submissions, "--output", output)
        write_class(submissions, {"ann.py": "7", "zoe.py": "1"})

        def stricter(order, given, jobs):
            for submission in given:
                report = canned(order, submission)
                yield replace(report, functions=tuple(replace(one, score=0) for one in report.functions))

        monkeypatch.setattr(local_engine, "grade_all", stricter)
        result = course("grade", "exercise2", submissions, "--output", output, "--seed", 4, "--fresh")
        changed = [line for line in result.stderr.splitlines() if line.startswith("changed")]
        assert changed == [
            "changed: ann had 30 points and now has 0",
            "changed: bob had 23 points and now has 0",
        ]

    def test_of_what_would_change(self, submissions, output, tmp_path):
        course("grade", "exercise2", submissions, "--output", output)
        write_class(submissions, {"zoe.py": "1"})
        elsewhere = tmp_path / "elsewhere"
        result = course("grade", "exercise2", submissions, "--output", elsewhere, "--compare", output)
        assert result.stdout.splitlines() == [
            "zoe: 0 before, 3 now",
            "2 students keep their score; nothing was written",
        ]
        assert not elsewhere.exists()
        said = refusal("grade", "exercise1", submissions, "--output", elsewhere, "--compare", output)
        assert "holds the grades of exercise2; name a folder of exercise1" in said
        said = refusal("grade", "exercise2", submissions, "--output", elsewhere, "--compare", elsewhere)
        assert "there is no grades.db in" in said

    def test_how_many_graders_there_are(self, submissions, output, jobs):
        course("grade", "exercise2", submissions, "--output", output)
        course("grade", "exercise2", submissions, "--output", output, "--fresh", "--jobs", 7)
        assert jobs == [len(os.sched_getaffinity(0)), 7]

    def test_of_times_and_penalties(self, submissions, output, tmp_path):
        times = tmp_path / "times.csv"
        times.write_text("student,time\nann,2026-12-01 10:00\nbob,2026-12-02 11:00\nzoe,2026-12-01 09:00\n")
        more = ("--deadline", "2026-12-01 12:00", "--late-penalty", "1/day", "--times", times)
        result = course("grade", "exercise2", submissions, "--output", output, *more)
        assert result.stderr.startswith("the deadline is 2026-12-01 12:00:00 UTC")
        rows = list(csv.reader(io.StringIO((output / "grades.csv").read_text(encoding="utf-8"))))
        assert [(row[0], row[1]) for row in rows[1:]] == [("ann", "30"), ("bob", "22"), ("zoe", "0")]
        times.write_text(times.read_text() + "kim,2026-12-01 09:00\nlou,2026-12-01 09:00\n")
        said = course("grade", "exercise2", submissions, "--output", output, *more, code=2).stderr
        assert "nobody here is kim, lou, of whom --times has a time; correct" in said
        course("grade", "exercise2", submissions, "--output", output, *more, "--times-from-files")

    @pytest.mark.parametrize(
        "listed", ["ann,2026-12-01 10:00", "ann,2026-12-01 10:00\nbob,", "kim,2026-12-01 10:00\nann,"]
    )
    def test_of_students_without_a_time(self, submissions, output, tmp_path, listed):
        (tmp_path / "times.csv").write_text(f"student,time\n{listed}\n")
        more = ("--deadline", "2026-12-01 12:00", "--times", tmp_path / "times.csv")
        result = course("grade", "exercise2", submissions, "--output", output, *more, code=2)
        assert "bob, zoe; add when each handed in, or let the files' own" in result.stderr
        assert not output.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--late-penalty", "20%"], "a late penalty needs a --deadline"),
        (["--times", "x.csv"], "x.csv cannot be read (No such file"),
        (["--times", "/dev/null"], "a late penalty needs a --deadline"),
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
def test_unusable_options_are_one_line_and_nothing_is_written(submissions, output, arguments, says):
    result = course("grade", "exercise2", submissions, "--output", output, *arguments, code=2)
    assert says in result.stderr
    assert len([line for line in result.stderr.splitlines() if not line.startswith("the deadline")]) == 1
    assert not output.exists()


def test_unusable_folders_are_one_line_and_nothing_is_written(submissions, output, tmp_path):
    (tmp_path / "empty").mkdir()
    for folder, says in (
        (tmp_path / "empty", "there are no submissions in"),
        (tmp_path / "none", "there is no folder"),
        (submissions / "ann.py", "is not a folder; name the folder"),
    ):
        assert says in refusal("grade", "exercise2", folder, "--output", output)
    for name, says in (
        ("exercise77", "there is no exercise 'exercise77'; did you mean"),
        ("../x", "there is no exercise"),
    ):
        assert says in refusal("grade", name, submissions, "--output", output)
    assert not output.exists()
    said = refusal("grade", "exercise2", submissions, "--output", submissions / "results")
    assert "lies inside the folder of submissions; name an --output outside of it" in said
    course("grade", "exercise2", submissions, "--output", output)
    assert "holds the grades of exercise2" in refusal("grade", "exercise1", submissions, "--output", output)
    (output / "grades.db").write_bytes(b"no database at all" * 99)
    for command in (["grade", "exercise2", submissions, "--output", output], ["report", output]):
        assert "is no database of grades" in refusal(*command)


def test_another_run_at_work_is_one_line(submissions, output):
    from autograder.classroom.store import Store

    course("grade", "exercise2", submissions, "--output", output)
    with Store(output):
        said = refusal("grade", "exercise2", submissions, "--output", output)
    assert "another `course` is at work in" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_one_line_and_the_store_stays_whole(submissions, output, monkeypatch, number):
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
    what = "interrupted" if number == signal.SIGINT else "terminated"
    assert (
        result.stderr.lstrip() == f"course: {what}; what is graded is stored, and the same command goes on from there\n"
    )
    monkeypatch.setattr(local_engine, "grade_all", whole)
    assert "1 graded, 2 unchanged" in course("grade", "exercise2", submissions, "--output", output).stdout


class TestHandingOn:
    """`course report` and `course export`."""

    @pytest.fixture(autouse=True)
    def graded(self, submissions, output):
        course("grade", "exercise2", submissions, "--output", output)

    def test_the_page_again(self, output):
        result = course("report", output)
        assert (output / "report.html").is_file()
        assert result.stdout.splitlines()[0] == "3 graded, 17.7 of 30 points on average"
        assert result.stdout.splitlines()[-1] == f"{output / 'report.html'} is written"

    def test_the_table(self, output):
        result = course("export", output, "--format", "csv")
        assert result.stdout_bytes == (output / "grades.csv").read_bytes()

    def test_into_canvas(self, output, tmp_path):
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
            'without a result: "Poe, Kim"',
            f"wrote {filled}",
        ]
        said = refusal("export", output, "--format", "canvas")
        assert "Canvas takes scores in its own file; export the gradebook there and name it with --into" in said
        said = refusal("export", output, "--format", "canvas", "--into", into, "--output", into)
        assert "is the file that was exported; name another --output" in said

    def test_into_moodle(self, output, tmp_path):
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
        into.write_text(into.read_text().replace(",ann,", ",cy,").replace(",bob,", ",dee,"))
        other = course("export", output, "--format", "moodle", "--into", into, code=1)
        assert f"no line of {into} is that of anybody who was graded; students are found by login" in other.stderr

    def test_into_nbgraders_gradebook(self, submissions, output, tmp_path, monkeypatch):
        """What becomes of it there, and that a comparison then finds nothing: tests/nbgrader/test_gradebook.py."""
        written = []
        take = lambda url, exercise, rows: written.append((url, exercise.name, [row.score for row in rows]))  # noqa: E731
        monkeypatch.setattr(gradebook, "write_scores", take)
        url = f"sqlite:///{tmp_path / 'gradebook.db'}"
        grade = ("grade", "exercise2", submissions, "--output", output)
        before = course(*grade, "--compare", url)
        assert before.stdout.splitlines()[:3] == [
            "ann: not graded before, 30 now", "bob: not graded before, 23 now", "zoe: not graded before, 0 now"
        ]  # fmt: skip
        said = course("export", output, "--format", "nbgrader", "--gradebook", url).stdout
        assert f"the scores are in {url}" in said
        assert "`nbgrader generate_feedback --force`" in said
        write_class(submissions, {"zoe.py": "1"})
        assert f"the scores are in {url}" in course(*grade, "--gradebook", url).stdout
        assert written == [(url, "exercise2", [30, 23, 0]), (url, "exercise2", [30, 23, 3])]

    @pytest.mark.parametrize("output_file", ["none/x.csv", "."])
    def test_a_file_that_cannot_be_written(self, output, tmp_path, output_file):
        result = course("export", output, "--format", "csv", "--output", tmp_path / output_file, code=2)
        assert result.stderr

    def test_of_a_folder_without_grades(self, tmp_path):
        for command in (["report", tmp_path], ["export", tmp_path, "--format", "csv"]):
            assert "there is no grades.db in" in refusal(*command)
        assert list(tmp_path.glob("grades.db*")) == []
