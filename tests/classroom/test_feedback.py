"""What carries pages to students: the names that platforms go by, each student's own page, and who is left out."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from classes import EXERCISE, plan_of, run, write_class

from autograder.classroom.enrolment import Enrolled, Enrolment
from autograder.classroom.feedback import Carried, carry
from autograder.classroom.results import write_page
from autograder.classroom.store import Store
from autograder.errors import UserError

MOODLE = {
    "Jane Doe_12345_assignsubmission_file_/exercise2.py": "7",
    "Li_Wei_777_assignsubmission_file_/x.py": "0",
    "ann.py": "3",
}
CANVAS = {
    "doejane_LATE_12345_67890_exercise2.py": "7",
    "liwei_22222_67891_Exercise 2.py": "2",
    "roe_33333_67892_exercise2.py": "lost",
}
WORKSHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed"\n'
    "Participant 5,Ann Lee,ann@uni.edu,x,,30,Yes\nParticipant 6,Bob,bob@uni.edu,x,,30,Yes\n"
)


def graded(tmp_path: Path, files: dict[str, str], *, is_course: bool = False, roster: Enrolment | None = None) -> Path:
    output = tmp_path / "results"
    where = output / "exercise2" if is_course else output
    plan = plan_of(write_class(tmp_path / "submissions", files), where)
    run(replace(plan, course=output if is_course else None))
    with Store(output) as store:
        if roster:
            store.put_roster(roster)
    write_page(output)
    return output


def carried(folder: Path, form: str, exercise: str = "", worksheet: bytes | None = None, **more: Path) -> Carried:
    with Store(folder) as store:
        return carry(store, form, exercise, worksheet, more.get("output"))


def entries(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


class TestMoodle:
    def test_folders_are_called_as_in_the_download(self, tmp_path):
        output = graded(tmp_path, MOODLE)
        done = carried(output, "moodle")
        assert done.path == output / "feedback-moodle.zip"
        assert done.lines == (
            "no number in Moodle: ann; grade the download from Moodle, or name its grading worksheet with --into",
        )
        found = entries(done.path)
        # Moodle takes a path apart at underscores: name, number, kind, plugin, rest.
        parts = [name.split("/")[0].split("_", 4) for name in found]
        assert parts == [
            ["Jane Doe", "12345", "assignsubmission", "file", ""],
            ["Li Wei", "777", "assignsubmission", "file", ""],
        ]
        assert {name.split("/")[1] for name in found} == {"exercise2.html"}
        assert found["Jane Doe_12345_assignsubmission_file_/exercise2.html"] == (
            output / "feedback" / "Jane Doe_12345.html"
        ).read_text(encoding="utf-8")

    def test_a_worksheet_has_the_numbers(self, tmp_path):
        output = graded(tmp_path, {"ann.py": "3", "bob@uni.edu.py": "4", "zoe.py": "1"})
        done = carried(output, "moodle", worksheet=WORKSHEET.encode(), output=tmp_path / "x.zip")
        assert list(entries(tmp_path / "x.zip")) == [
            f"{name}_assignsubmission_file_/exercise2.html" for name in ("Ann Lee_5", "Bob_6")
        ]
        assert [line.split(";")[0] for line in done.lines] == ["no number in Moodle: zoe"]

    def test_two_who_may_be_one_get_nothing(self, tmp_path):
        output = graded(tmp_path, {"ann.py": "3", "ann@uni.edu.py": "4"})
        assert carried(output, "moodle", worksheet=WORKSHEET.encode()).count == 0
        assert not (output / "feedback-moodle.zip").exists()


class TestCanvas:
    def test_files_are_called_as_in_the_download_and_of_its_kind(self, tmp_path):
        output = graded(tmp_path, CANVAS)
        done = carried(output, "canvas")
        assert done.count == 2
        assert done.lines == ("no verdict yet, and so no page: roe_33333; run `course grade` again",)
        found = entries(done.path)
        assert list(found) == list(CANVAS)[:2]
        # Canvas goes by the first two parts that are numbers.
        assert [[part for part in name.split("_") if part.isdigit()][:2] for name in found] == [
            ["12345", "67890"],
            ["22222", "67891"],
        ]
        script = found["liwei_22222_67891_Exercise 2.py"]
        assert all(line.startswith("#") for line in script.splitlines())
        assert "✔ forward" in script
        assert "ask yourself: And for one sample?" in script

    def test_a_notebook_gets_a_notebook_and_a_zip_a_zip(self, tmp_path):
        from autograder.classroom.feedback import _as_kind

        notebook = json.loads(_as_kind(".ipynb", ("a.html", "<p>```x</p>")))
        assert notebook["cells"][0]["source"].endswith("\n\n    ```x")
        with zipfile.ZipFile(io.BytesIO(_as_kind(".zip", ("a.html", "<p>x")))) as archive:
            assert archive.read("a.html") == b"<p>x"
        assert _as_kind(".txt", ("a.html", "")) is None

    def test_who_is_not_from_canvas_is_named(self, tmp_path):
        done = carried(graded(tmp_path, {"ann.py": "7"}), "canvas")
        assert (done.count, len(done.lines)) == (0, 1)
        assert "and so without a page: ann; grade that zip" in done.lines[0]


class TestMail:
    def test_a_line_a_student_with_the_pages_place(self, tmp_path):
        roster = Enrolment((Enrolled("ann", "=Ann", "ann@uni.edu"), Enrolled("gone", is_withdrawn=True)))
        output = graded(tmp_path, {"ann.py": "7", "bob@uni.edu.py": "5", "zoe.py": "0", "gone.py": "1"}, roster=roster)
        done = carried(output, "mail-merge")
        assert done.lines == ("no address: zoe; give `course grade` a --roster with a column email",)
        rows = list(csv.DictReader(io.StringIO((output / "mail-merge.csv").read_text(encoding="utf-8"))))
        assert [(row["student"], row["name"], row["email"], row["score"]) for row in rows] == [
            ("ann", "'=Ann", "ann@uni.edu", "30"),
            ("bob@uni.edu", "", "bob@uni.edu", "23"),
            ("zoe", "", "", "0"),
        ]
        assert all(Path(row["file"]).is_file() and Path(row["file"]).is_absolute() for row in rows)
        (output / "feedback" / "zoe.html").unlink()
        assert any(line.startswith("no page in the folder: zoe") for line in carried(output, "mail-merge").lines)


class TestCourse:
    def test_a_term_page_goes_with_the_pages_that_it_links_to(self, tmp_path):
        output = graded(tmp_path, {"ann.py": "3", "zoe.py": "lost"}, is_course=True)
        done = carried(output, "moodle", worksheet=WORKSHEET.encode())
        found = entries(done.path)
        folder = "Ann Lee_5_assignsubmission_file_/"
        assert set(found) == {f"{folder}course.html", f"{folder}exercise2.html"}
        assert re.findall(r'<a href="(.*?)"', found[f"{folder}course.html"]) == ["exercise2.html"]
        assert done.lines == ("no verdict yet, and so no page: zoe; run `course grade` again",)

    def test_who_has_no_page_is_named_with_the_reason(self, tmp_path):
        roster = Enrolment(tuple(Enrolled(name, "", f"{name}@uni.edu") for name in ("ann", "bob", "kim", "zoe")))
        output = graded(tmp_path, {"ann.py": "3", "zoe.py": "lost"}, is_course=True, roster=roster)
        with Store(output) as store:
            store.of("exercise2").put_refused([("bob.py", "is a symbolic link", "bob")])
        assert carried(output, "mail-merge", "exercise2").lines == (
            "no verdict yet, and so no page: zoe; run `course grade` again",
            "not graded, and so no page: bob; `course grade` says what is wrong with what they handed in",
            "nothing handed in, and so no page: kim",
        )

    def test_a_mailed_term_page_leads_nowhere(self, tmp_path):
        output = graded(tmp_path, {"ann.py": "3"}, is_course=True)
        carried(output, "mail-merge")
        (row,) = csv.DictReader(io.StringIO((output / "mail-merge.csv").read_text(encoding="utf-8")))
        page = Path(row["file"]).read_text(encoding="utf-8")
        assert "Your exercises so far" in page
        assert "<a " not in page
        assert Path(row["exercise2"]) == output / "exercise2" / "feedback" / "ann.html"
        assert row["max_score"] == str(EXERCISE.points)

    def test_numbers_of_platforms_are_an_assignments(self, tmp_path):
        output = graded(tmp_path, CANVAS, is_course=True)
        for form in ("moodle", "canvas"):
            with pytest.raises(UserError, match="--exercise"):
                carried(output, form)
        assert carried(output, "canvas", "exercise2").count == 2
        with pytest.raises(UserError, match="leave it out"):
            carried(output, "canvas", "exercise2", b"")
