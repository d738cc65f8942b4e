"""A class's run: what it grades and leaves alone, and what it leaves behind, whatever stops it; verdicts are canned."""

import csv
import itertools
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from classes import EXERCISE, Engine, Watch, nothing_is_left, plan_of, run, script, write_class

from autograder import files
from autograder.classroom import room
from autograder.classroom import run as running
from autograder.classroom.folder import collect
from autograder.classroom.lateness import parse_deadline, parse_rule
from autograder.classroom.names import file_stem
from autograder.classroom.results import summary
from autograder.classroom.run import Failure, Lateness, ScoreChange, grade_class
from autograder.classroom.store import Store
from autograder.errors import UserError
from autograder.grading import service

CLASS = {"ann.py": "7", "bob/exercise2.py": "5", "eve/exercise2/exercise2.py": "0", "zoe.py": "2"}
STUDENTS = ["ann", "bob", "eve", "zoe"]


@pytest.fixture(autouse=True)
def exercise(tmp_path_factory, monkeypatch):
    """An exercise whose every file, the kit's code too, is here to be changed."""
    kit = tmp_path_factory.mktemp("kit")
    for name in ("checks.py", "solution.py", "package/code.py", "datasets/line.csv", "stub.py"):
        write_class(kit, {name: "a = 1\n"})
    monkeypatch.setattr(service, "PACKAGE", kit / "package")
    return replace(EXERCISE, kit=kit, checks=kit / "checks.py", solution=kit / "solution.py", stub=kit / "stub.py")


@pytest.fixture
def submissions(tmp_path):
    return write_class(tmp_path / "submissions", CLASS)


@pytest.fixture
def output(tmp_path):
    return tmp_path / "results"


def table(output: Path) -> dict[str, list[str]]:
    with (output / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1:] for row in csv.reader(file)}


def reports(output: Path) -> dict[str, dict]:
    """The JSON reports by student, but for how long it took."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((output / "reports").iterdir())]
    for report in found:
        del report["seconds"]
        for check in report["checks"]:
            del check["seconds"]
    return {report["student"]: report for report in found}


def refusal(plan, *, with_page: bool = False) -> str:
    """What a run is refused with: one line that says what to do."""
    with pytest.raises(UserError) as error:
        run(plan, with_page=with_page)
    assert "\n" not in str(error.value)
    assert "; " in str(error.value)
    return str(error.value)


class TestARun:
    def test_leaves_what_the_contract_names(self, submissions, output):
        outcome, graded = run(plan_of(submissions, output), with_page=True)
        assert (outcome.graded, outcome.known, outcome.refused, outcome.failed) == (4, 0, (), ())
        assert graded == STUDENTS
        assert sorted(path.name for path in output.iterdir()) == [
            "feedback", "grades.csv", "grades.db", "mistakes.csv", "report.html", "reports"
        ]  # fmt: skip
        assert sorted(path.name for path in (output / "reports").iterdir()) == [f"{name}.json" for name in STUDENTS]
        assert sorted(path.name for path in (output / "feedback").iterdir()) == [f"{name}.html" for name in STUDENTS]
        names = [name for name, _ in EXERCISE.functions]
        assert table(output)["student"] == ["score", "max_score", "earned", "penalty", "hours_late", *names]
        assert table(output)["bob"] == ["23", "30", "23", "0", "", "3", "2", "6", "10", "2", "0", "0"]
        assert reports(output)["bob"]["score"] == 23
        assert reports(output)["bob"]["submission"]["path"] == "bob/exercise2.py"
        assert (output / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")

    def test_ends_the_same_whatever_order_the_reports_come_in(self, submissions, tmp_path):
        write_class(submissions, {f"student{number}.py": "lost" if number % 4 else "3" for number in range(9)})
        there, back = tmp_path / "there", tmp_path / "back"
        one, _ = run(plan_of(submissions, there))
        other, _ = run(plan_of(submissions, back), backwards=True)
        assert one == other
        assert (there / "grades.csv").read_bytes() == (back / "grades.csv").read_bytes()
        assert list(summary(there)) == list(summary(back))
        assert reports(there) == reports(back)

    def test_of_names_that_are_hard_on_files_and_tables(self, tmp_path, output):
        names = ["Jürgen Ä", "李小龍", "Doe, Jane", "-rf", "=cmd|'x'", "a'b\"c", "..x..y", "O’Neil %41", "x" * 150]
        submissions = write_class(tmp_path / "class", {f"{name}.py": "7" for name in names})
        outcome, graded = run(plan_of(submissions, output), with_page=True)
        hidden = [refused.name for refused in outcome.refused]
        assert hidden == ["..x..y.py"]
        assert sorted(graded) == sorted(set(names) - {"..x..y"})
        assert sorted(reports(output)) == sorted(graded)
        for name in graded:
            assert (output / "feedback" / f"{file_stem(name)}.html").is_file()
        rows = table(output)
        assert {name.removeprefix("'") for name in rows} == {"student", *graded}
        assert not any(name.startswith(("=", "-")) for name in rows)
        page = (output / "report.html").read_text(encoding="utf-8")
        assert all(name in page for name in ("Jürgen Ä", "李小龍", "Doe, Jane"))

    def test_that_refuses_something_says_so_in_its_page_too(self, submissions, output):
        (submissions / "mal.py").symlink_to("/etc/passwd")
        write_class(submissions, {"kim.py": "1", "kim/exercise2.py": "2", "notes.txt": "-", "pat/essay.txt": "-"})
        outcome, graded = run(plan_of(submissions, output), with_page=True)
        assert graded == STUDENTS
        assert [refused.name for refused in outcome.refused] == ["kim", "mal.py", "pat"]
        assert [refused.is_missing for refused in outcome.refused] == [False, False, True]
        assert outcome.ignored == ("notes.txt",)
        page = (output / "report.html").read_text(encoding="utf-8")
        assert "is a symbolic link; put the file itself there" in page
        run(plan_of(submissions, output, only=("ann",)))
        with Store(output) as store:
            assert len(store.refused) == 3  # what one student's appeal does not touch

    def test_of_a_file_that_goes_while_the_class_is_graded(self, submissions, output, monkeypatch):
        def gone(*places):
            collected = collect(*places)
            (submissions / "zoe.py").unlink()
            return collected

        collect = running.collect
        monkeypatch.setattr(running, "collect", gone)
        outcome, graded = run(plan_of(submissions, output))
        assert graded == ["ann", "bob", "eve"]
        assert [str(one) for one in outcome.refused] == [
            "zoe.py cannot be read (No such file or directory); see to it, and run again"
        ]
        assert "zoe" not in table(output)

    def test_where_the_grader_failed_there_is_no_verdict(self, submissions, output):
        write_class(submissions, {"zoe.py": "lost"})
        outcome, _ = run(plan_of(submissions, output), with_page=True)
        assert outcome.failed == (Failure("zoe", "the grader failed on this file, twice: it was killed by signal 9"),)
        assert table(output)["zoe"] == ["", "30", *[""] * 10]
        assert {check["outcome"] for check in reports(output)["zoe"]["checks"]} == {"errored"}
        assert "killed by signal 9" in (output / "report.html").read_text(encoding="utf-8")
        assert next(summary(output)).startswith("3 graded")


class TestAnotherRun:
    @pytest.fixture(autouse=True)
    def first(self, submissions, output, exercise):
        run(plan_of(submissions, output, exercise))

    def test_grades_nothing_where_nothing_has_changed(self, submissions, output, exercise):
        before = {path: path.stat().st_mtime_ns for path in output.glob("*/*")}
        outcome, graded = run(plan_of(submissions, output, exercise))
        assert (graded, outcome.graded, outcome.known, outcome.changed) == ([], 0, 4, ())
        assert before == {path: path.stat().st_mtime_ns for path in output.glob("*/*")}

    def test_grades_a_changed_file_alone_and_takes_that_for_no_change_of_the_kit(self, submissions, output, exercise):
        write_class(submissions, {"zoe.py": "6", "new.py": "1"})
        outcome, graded = run(plan_of(submissions, output, exercise))
        assert graded == ["new", "zoe"]
        assert (outcome.known, outcome.changed) == (3, ())
        assert table(output)["zoe"][0] == "28"
        assert reports(output)["zoe"]["score"] == 28

    def test_grades_a_file_that_has_moved_for_its_report_names_it(self, submissions, output, exercise):
        (submissions / "zoe").mkdir()
        (submissions / "zoe.py").rename(submissions / "zoe" / "exercise2.py")
        assert run(plan_of(submissions, output, exercise))[1] == ["zoe"]
        assert reports(output)["zoe"]["submission"]["path"] == "zoe/exercise2.py"

    def test_grades_all_when_asked_to(self, submissions, output, exercise):
        outcome, graded = run(plan_of(submissions, output, exercise, fresh=True))
        assert (graded, outcome.graded, outcome.changed) == (STUDENTS, 4, ())

    def test_grades_one_student_when_asked_to_and_leaves_the_others(self, submissions, output, exercise):
        write_class(submissions, {"ann.py": "1"})
        outcome, graded = run(plan_of(submissions, output, exercise, only=("bob",)))
        assert (graded, outcome.gone, outcome.refused) == (["bob"], (), ())
        assert table(output)["ann"][0] == "30"

    def test_refuses_to_grade_only_who_is_not_there(self, submissions, output, exercise):
        said = refusal(plan_of(submissions, output, exercise, only=("bob", "kim")))
        assert said == "there is no submission of kim to be graded; name a student as the file or folder is called"
        assert refusal(plan_of(submissions, output, exercise, only=("an",))).endswith("; did you mean ann?")
        write_class(submissions, {"kim.py": "1", "kim/exercise2.py": "2"})
        assert "kim has 2 files" in refusal(plan_of(submissions, output, exercise, only=("kim",)))

    def test_says_what_it_refused_of_one_student_and_of_no_other(self, submissions, output, exercise):
        run(plan_of(submissions, output, exercise))
        (submissions / "bob.py").symlink_to("ann.py")
        (submissions / "kim.py").symlink_to("ann.py")
        collected = collect(submissions, exercise, output)
        only = replace(plan_of(submissions, output, exercise, only=("bob",)), course=output)
        assert {one.student for one in running.only_those(only, collected).refused} == {"bob"}

    def test_tries_again_what_the_grader_failed_on(self, submissions, output, exercise):
        write_class(submissions, {"zoe.py": "lost"})
        for _ in range(2):
            outcome, graded = run(plan_of(submissions, output, exercise))
            assert graded == ["zoe"]
            assert [failure.student for failure in outcome.failed] == ["zoe"]

    @pytest.mark.parametrize("name", ["checks.py", "solution.py", "package/code.py", "datasets/line.csv"])
    def test_grades_all_when_the_kit_has_changed(self, submissions, output, exercise, name):
        write_class(exercise.kit, {name: "a = 2\n"})
        assert run(plan_of(submissions, output, exercise))[1] == STUDENTS
        assert run(plan_of(submissions, output, exercise))[1] == []

    @pytest.mark.parametrize(
        "how",
        [{"seed": 1}, {"secret": "s"}, {"salt": "s"}, {"functions": ("forward",)}],
        ids=lambda how: next(iter(how)),
    )
    def test_grades_all_when_the_cases_are_others(self, submissions, output, exercise, how):
        assert run(plan_of(submissions, output, exercise, **how))[1] == STUDENTS
        assert run(plan_of(submissions, output, exercise, **how))[1] == []

    @pytest.mark.parametrize("what", ["kit", "torch", "Python"])
    def test_grades_all_under_another_version(self, submissions, output, exercise, monkeypatch, what):
        versions = running.versions()
        monkeypatch.setattr(running, "versions", lambda: versions | {what: "9"})
        assert run(plan_of(submissions, output, exercise))[1] == STUDENTS

    def test_tells_of_scores_that_come_out_otherwise_for_the_same_file(
        self, submissions, output, exercise, monkeypatch
    ):
        canned = Engine.__call__

        def stricter(self, order, given):
            for report in canned(self, order, given):
                functions = tuple(replace(one, score=0) if one.name == "forward" else one for one in report.functions)
                yield replace(report, functions=functions)

        monkeypatch.setattr(Engine, "__call__", stricter)
        write_class(exercise.kit, {"checks.py": "a = 2\n"})
        write_class(submissions, {"zoe.py": "5"})
        outcome, _ = run(plan_of(submissions, output, exercise))
        assert outcome.changed == (ScoreChange("ann", 30, 27), ScoreChange("bob", 23, 20))

    def test_keeps_and_names_who_is_gone(self, submissions, output, exercise):
        (submissions / "ann.py").unlink()
        outcome, graded = run(plan_of(submissions, output, exercise))
        assert (graded, outcome.gone) == ([], ("ann",))
        assert table(output)["ann"][0] == "30"
        assert (output / "reports" / "ann.json").is_file()

    def test_writes_the_files_that_are_missing_and_removes_what_was_never_finished(self, submissions, output, exercise):
        wanted = reports(output)
        shutil.rmtree(output / "reports")
        (output / "feedback" / "bob.html").unlink()
        unfinished = [output / ".grades.csv.12.new", output / "feedback" / ".bob.html.345.new"]
        for path in unfinished:
            path.write_text("half", encoding="utf-8")
        mine = output / "feedback" / ".mine.new"
        mine.write_text("mine", encoding="utf-8")
        assert run(plan_of(submissions, output, exercise))[1] == []
        assert reports(output) == wanted
        assert (output / "feedback" / "bob.html").is_file()
        assert not any(path.exists() for path in unfinished)
        assert mine.exists()

    def test_writes_what_was_stored_and_not_yet_written(self, submissions, output, exercise, monkeypatch):
        def full(_path: Path, _text: str) -> None:
            raise OSError(28, "No space left on device")

        write_class(submissions, {"zoe.py": "6"})
        with monkeypatch.context() as patched:
            patched.setattr(files, "write_beside", full)
            refusal(plan_of(submissions, output, exercise))
        assert reports(output)["zoe"]["score"] == 5
        assert run(plan_of(submissions, output, exercise))[1] == []
        assert reports(output)["zoe"]["score"] == 28


class TestHiddenSeeds:
    def test_are_each_students_own_and_in_the_store_alone(self, submissions, output, exercise):
        plan = plan_of(submissions, output, exercise, secret="c0urse", salt="s4lt-word")
        run(plan, with_page=True)
        seeds = self.seeds(output)
        assert len(set(seeds.values())) == 4
        run(replace(plan, only=("zoe",)))
        assert self.seeds(output) == seeds
        run(plan_of(submissions, output, exercise, secret="c0urse"), with_page=True)
        assert set(self.seeds(output).values()) == {"c0urse"}
        shown = [path for path in output.rglob("*") if path.is_file() and path.name != "grades.db"]
        assert len(shown) == 11
        for path, word in itertools.product(shown, ["c0urse", "s4lt-word", *seeds.values()]):
            assert word not in path.read_text(encoding="utf-8"), path

    @staticmethod
    def seeds(output: Path) -> dict[str, str]:
        with sqlite3.connect(output / "grades.db") as database:
            found = dict(database.execute("SELECT student, hidden_seed FROM submission"))
        database.close()
        return found


class TestLateness:
    @pytest.fixture
    def dated(self, submissions):
        """Submissions of which zoe's came two days late."""
        for path in submissions.rglob("*.py"):
            day = 3 if path.name == "zoe.py" else 1
            moment = datetime(2026, 12, day, 12, 0, tzinfo=UTC).timestamp()
            os.utime(path, (moment, moment))
        return submissions

    def test_takes_off_points_and_a_change_of_rule_grades_nothing(self, dated, output):
        deadline = parse_deadline("2026-12-01 12:00 UTC")
        lateness = Lateness(deadline, parse_rule("1/day"))
        assert len(run(plan_of(dated, output, lateness=lateness))[1]) == 4
        assert (table(output)["zoe"][0], table(output)["ann"][0]) == ("3", "30")
        for rule, score in (("50%", "0"), ("0.25/day", "4.5"), (None, "5")):
            lateness = Lateness(deadline, parse_rule(rule) if rule else None)
            assert run(plan_of(dated, output, lateness=lateness))[1] == []
            assert table(output)["zoe"][0] == score
            assert reports(output)["zoe"]["score"] == 5
        with Store(output) as store:
            assert (store.known("zoe").raw_score, store.known("zoe").seconds_late) == (5, 172800.0)
            assert store.known("zoe").handed_in == "2026-12-03T12:00:00+00:00"
        assert run(plan_of(dated, output))[1] == []
        with Store(output) as store:
            assert (store.known("zoe").handed_in, store.known("zoe").seconds_late) == (None, 0.0)

    def test_takes_times_from_a_list(self, dated, output):
        times = dict.fromkeys(("ann", "bob", "eve", "zoe", "kim"), datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
        times["ann"] = datetime(2026, 12, 1, 13, 30, tzinfo=UTC)
        lateness = Lateness(parse_deadline("2026-12-01 12:00 UTC"), parse_rule("1/hour"), times)
        said = refusal(plan_of(dated, output, lateness=lateness))
        assert "nobody here is kim, of whom --times has a time; correct or remove the lines" in said
        run(plan_of(dated, output, lateness=replace(lateness, from_files=True)))
        assert (table(output)["ann"][0], table(output)["zoe"][0]) == ("28", "5")
        run(plan_of(dated, output, lateness=lateness, known=frozenset({"kim"})))

    @pytest.mark.parametrize(("listed", "named"), [(("ann", "kim"), "bob, eve, zoe"), ((), "ann, bob, eve, zoe")])
    def test_stops_where_the_list_lacks_a_student(self, dated, output, listed, named):
        times = dict.fromkeys(listed, datetime(2026, 12, 1, tzinfo=UTC))
        lateness = Lateness(parse_deadline("2026-12-01 12:00 UTC"), parse_rule("1/hour"), times)
        assert f"--times has no time for {named}; add when each" in refusal(plan_of(dated, output, lateness=lateness))
        assert not output.exists()

    @pytest.mark.parametrize("stamp", ["", "yesterday", "2026-12-01 12:00 XYZ"])
    def test_refuses_whose_time_cannot_be_read(self, dated, output, stamp):
        write_class(dated, {"lou/exercise2/exercise2.py": "7", "lou/exercise2/timestamp.txt": stamp})
        outcome, graded = run(plan_of(dated, output, lateness=Lateness(parse_deadline("2026-12-01 12:00 UTC"))))
        assert graded == ["ann", "bob", "eve", "zoe"]
        (said,) = map(str, outcome.refused)
        assert said.startswith(f'lou\'s time cannot be read ("{stamp}" in timestamp.txt is ')
        with Store(output) as store:
            assert store.refused_students == {"lou"}


class TestZips:
    @pytest.mark.parametrize("wrapper", ["", "submissions-2026/"])
    def test_of_a_whole_class(self, tmp_path, output, wrapper):
        with zipfile.ZipFile(tmp_path / "class.zip", "w") as opened:
            for name, text in {"ann.py": "7", "bob/exercise2.py": "5", "cyd/exercise2/exercise2.py": "1"}.items():
                opened.writestr(zipfile.ZipInfo(wrapper + name, (2026, 12, 3, 12, 0, 0)), text)
        lateness = Lateness(parse_deadline("2026-12-01 12:00"), parse_rule("1/day"))
        outcome, graded = run(plan_of(tmp_path / "class.zip", output, lateness=lateness))
        assert graded == ["ann", "bob", "cyd"]
        assert (table(output)["ann"][0], outcome.refused) == ("28", ())
        assert run(plan_of(tmp_path / "class.zip", output, lateness=lateness))[1] == []
        assert not list(output.glob(".zips*"))

    def test_of_a_student_are_as_old_as_they_are_and_leave_nothing(self, submissions, output):
        with zipfile.ZipFile(submissions / "kim.zip", "w") as opened:
            opened.writestr(zipfile.ZipInfo("mine/exercise2.py", (1999, 1, 1, 0, 0, 0)), "7")
        lateness = Lateness(parse_deadline("2001-01-01 12:00"), parse_rule("100%"))
        assert "kim" in run(plan_of(submissions, output, lateness=lateness))[1]
        assert table(output)["kim"][0] == "0"
        assert reports(output)["kim"]["submission"]["path"] == "kim.zip/mine/exercise2.py"
        assert not list(output.glob(".zips*"))

    def test_of_a_run_that_was_killed_go_with_the_next(self, submissions, output):
        write_class(output, {".zips.1.new/kim.zip/exercise2.py": "7"})
        run(plan_of(submissions, output))
        assert not list(output.glob(".zips*"))

    def test_that_are_none_are_a_line(self, tmp_path, output):
        (tmp_path / "class.zip").write_text("no zip")
        assert "class.zip cannot be unpacked (File is not a zip file)" in refusal(
            plan_of(tmp_path / "class.zip", output)
        )
        assert not output.exists()


class TestBadFolders:
    def test_for_the_output(self, submissions, tmp_path):
        (tmp_path / "file").write_text("mine", encoding="utf-8")
        assert "file is a file; move it away" in refusal(plan_of(submissions, tmp_path / "file"))
        assert "cannot be made (Not a directory)" in refusal(plan_of(submissions, tmp_path / "file" / "results"))
        (tmp_path / "link").symlink_to(submissions, target_is_directory=True)
        for inside in (submissions, submissions / "results", tmp_path / "link" / "results"):
            assert "lies inside the folder of submissions" in refusal(plan_of(submissions, inside))
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        assert "loop is a file; move it away" in refusal(plan_of(submissions, tmp_path / "loop"))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link", "loop", "submissions"]
        assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"

    def test_for_the_submissions(self, tmp_path, output):
        assert "there is no folder" in refusal(plan_of(tmp_path / "none", output))
        assert "there are no submissions in" in refusal(plan_of(write_class(tmp_path / "empty", {"x.txt": ""}), output))
        assert not output.exists()

    @pytest.mark.parametrize("name", ["reports", "feedback", "grades.csv", "report.html", "reports/bob.json"])
    def test_with_something_in_the_way(self, submissions, output, name):
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        if name in ("reports", "feedback"):
            (output / name).write_text("", encoding="utf-8")
        else:
            (output / name).mkdir()
        said = refusal(plan_of(submissions, output), with_page=True)
        assert re.search(
            rf"{name} (is a file; move it away|cannot be written \(Is a directory\); (all grades are stored; )?mend)",
            said,
        )
        (output / name).rename(output / "moved")
        outcome, _ = run(plan_of(submissions, output), with_page=True)
        assert outcome.graded + outcome.known == 4
        assert sorted(reports(output)) == STUDENTS

    def test_that_have_no_room_left(self, submissions, output):
        (output / "reports").mkdir(parents=True)
        (output / "reports" / "bob.json").symlink_to("/dev/full")
        said = refusal(plan_of(submissions, output))
        assert "reports/bob.json cannot be written (No space left on device); mend that, and run again" in said
        assert not (output / "grades.csv").exists()
        (output / "reports" / "bob.json").unlink()
        _, graded = run(plan_of(submissions, output))
        assert "bob" not in graded  # its verdict was stored before
        assert sorted(reports(output)) == STUDENTS

    def test_that_were_full_from_the_start(self, submissions, output, monkeypatch):
        monkeypatch.setattr(room.disk_quota, "free", lambda _folder: 0)
        assert "there is no space left in" in refusal(plan_of(submissions, output))
        assert list(output.iterdir()) == []

    def test_whose_submissions_would_have_no_room(self, submissions, output, monkeypatch):
        small = 100 << 20
        monkeypatch.setattr(room.disk_quota, "free", lambda folder: 1 << 30 if folder == output else small)
        assert "where submissions are run; free 144 MB, or name another folder in TMPDIR" in refusal(
            plan_of(submissions, output)
        )
        small = 200 << 20
        assert len(run(plan_of(submissions, output))[1]) == 4

    def test_that_fill_up_on_the_way_stop_and_go_on_later(self, submissions, output, monkeypatch):
        monkeypatch.setattr(room, "PATIENCE", 0.2)
        full = iter([False, False, True, True, True, True, False] + [True] * 99)
        with monkeypatch.context() as patch:
            patch.setattr(room.disk_quota, "is_full", lambda: next(full, False))
            assert "what is graded is stored" in refusal(plan_of(submissions, output))
        outcome, graded = run(plan_of(submissions, output))
        assert 0 < outcome.known < 4
        assert sorted(reports(output)) == STUDENTS
        assert outcome.known + len(graded) == 4

    def test_that_may_not_be_written_to(self, submissions, output, monkeypatch):
        monkeypatch.setattr("os.access", lambda _folder, _mode: False)
        assert "may not be written to; change its permissions" in refusal(plan_of(submissions, output))
        assert list(output.iterdir()) == []


class TestDisks:
    """Real ones, small, where this user may mount them."""

    @pytest.fixture
    def disk(self, tmp_path):
        folder = tmp_path / "disk"
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", str(folder)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("disks cannot be mounted here")
        yield folder
        subprocess.run(["umount", "-l", str(folder)], check=True)

    def test_that_fill_up_lose_nothing_that_was_graded(self, tmp_path, disk, monkeypatch):
        files = {f"student{number:03}.py": "5" for number in range(60)}
        submissions = write_class(tmp_path / "class", files)
        output, filler = disk / "results", disk / "filler"

        def filling(order, given):
            for number, report in enumerate(Engine()(order, given)):
                if number == 20:
                    with pytest.raises(OSError, match="No space left"):
                        filler.write_bytes(bytes(20 << 20))
                yield report

        monkeypatch.setattr(room, "PATIENCE", 0.2)
        with pytest.raises(UserError, match=r"(no space left in|cannot be written) .*; (make room|mend that), and run"):
            grade_class(plan_of(submissions, output), filling, Watch(), with_page=False)
        assert not [path for path in output.rglob("*") if path.name.endswith(".new")]
        for path in output.glob("*/*"):
            assert path.read_text(encoding="utf-8").rstrip().endswith(("}", "</html>")), path
        assert "there is no space left in" in refusal(plan_of(submissions, output))
        filler.unlink()
        outcome, graded = run(plan_of(submissions, output))
        assert (outcome.known, outcome.graded) == (60 - len(graded), len(graded))
        assert outcome.known >= 20
        assert sorted(reports(output)) == sorted(path.removesuffix(".py") for path in files)

    def test_that_are_read_only(self, submissions, disk):
        output = disk / "results"
        run(plan_of(submissions, output))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert "results may not be written to; change its permissions" in refusal(plan_of(submissions, output))
        assert "new cannot be made (Read-only file system)" in refusal(plan_of(submissions, disk / "new"))
        assert len(table(output)) == 5


def test_a_page_that_cannot_be_written_loses_no_grade(submissions, output):
    (output / "report.html").mkdir(parents=True)
    said = refusal(plan_of(submissions, output), with_page=True)
    assert "report.html cannot be written (Is a directory); all grades are stored" in said
    assert len(table(output)) == 5


KILLED = (
    "from pathlib import Path; from classes import *\n"
    "class Slow(Engine):\n"
    "    def __call__(self, order, submissions):\n"
    "        for report in super().__call__(order, submissions): time.sleep(0.01); yield report\n"
    "print('on', flush=True)\n"
    "grade_class(plan_of(Path(sys.argv[1]), Path(sys.argv[2]), fresh='--fresh' in sys.argv), Slow(), Watch())\n"
)


@pytest.mark.system
def test_a_run_that_is_killed_twenty_times_ends_as_one_that_was_not(tmp_path):
    """The coordinator alone, over canned verdicts: most moments are those of storing and writing."""
    files = {f"student{number}.py": str(number % 8) for number in range(30)}
    submissions = write_class(tmp_path / "submissions", files)
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    output, calm = tmp_path / "output", tmp_path / "calm"
    moments = random.Random(7)
    for number in range(20):
        fresh = ["--fresh"] * (number % 3 == 0)
        process = script(KILLED, submissions, output, *fresh, env=os.environ | {"TMPDIR": str(scratch)})
        assert process.stdout.readline() == "on\n"
        time.sleep(moments.uniform(0.0, 0.8))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for path in output.glob("*/[!.]*"):
            whole = path.read_text(encoding="utf-8")
            assert whole.rstrip().endswith("}" if path.suffix == ".json" else "</html>")
    nothing_is_left(scratch)
    for folder in (output, calm):
        done = script(KILLED, submissions, folder)
        assert done.communicate(timeout=60) == ("on\n", "")
    assert reports(output) == reports(calm)
    assert len(reports(output)) == 30
    assert (output / "grades.csv").read_bytes() == (calm / "grades.csv").read_bytes()
    assert sorted(path.name for path in output.rglob("*")) == sorted(path.name for path in calm.rglob("*"))
    with Store(output) as one, Store(calm) as other:
        assert list(one.rows()) == list(other.rows())


COORDINATOR = (
    "from pathlib import Path; from classes import *\n"
    "import resource\n"
    "grade_class(plan_of(Path(sys.argv[1]), Path(sys.argv[2])), Engine(), Watch(), with_page=True)\n"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, *sorted(sys.modules))\n"
)


@pytest.mark.system
def test_the_coordinator_stays_small(tmp_path):
    """No torch, no matplotlib, and memory that hardly grows with the class. (10,000: see benchmarks/classroom.py.)"""
    peaks = []
    for count in (60, 600):
        submissions = write_class(tmp_path / f"class{count}", {f"s{at:05}.py": f"{at % 8}" for at in range(count)})
        out, err = script(COORDINATOR, submissions, tmp_path / f"results{count}").communicate(timeout=120)
        assert err == ""
        peak, *modules = out.split()
        assert {"torch", "matplotlib", "pytest", "distributed"}.isdisjoint(modules)
        peaks.append(int(peak))
    assert peaks[1] < 1.05 * peaks[0], peaks


def test_grading_tells_its_watcher_of_all(submissions, output):
    (submissions / "zoe.py").write_text("lost", encoding="utf-8")
    watch = Watch()
    grade_class(plan_of(submissions, output), Engine(), watch, with_page=False)
    assert (watch.total, watch.done) == (4, 4)
