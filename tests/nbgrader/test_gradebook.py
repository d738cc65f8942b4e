"""Scores put into nbgrader's gradebook without notebooks, and compared with what it holds."""

import csv
import json
import re
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from classes import plan_of, run, write_class
from nbgrader.api import Gradebook
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.classroom.exports import canvas, moodle
from autograder.classroom.lateness import parse_deadline, parse_rule
from autograder.classroom.results import summary
from autograder.classroom.run import Lateness
from autograder.classroom.store import Store
from autograder.classroom.term import read_term, render_table
from autograder.errors import UserError
from autograder.model import ClassRow
from autograder.nbgrader.gradebook import GradebookChange, compare, write_scores
from autograder.submissions import grade_cell

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # nbgrader's own
    pytest.mark.system,  # a gradebook is made by a command
]

EXERCISE = find_exercise(KIT, "exercise2")
FULL = dict(EXERCISE.functions)
HALF = {name: points if name in ("forward", "loss") else 0 for name, points in FULL.items()}


def row(student: str, points: dict[str, int], late: float | None = None, taken: float = 0.0) -> ClassRow:
    """A student's result: the points of each function and, where there is a deadline, what lateness took."""
    functions = [{"name": name, "score": score} for name, score in points.items()]
    earned, dated = sum(points.values()), None if late is None else "2026-12-01T12:00:00+00:00"
    counts = max(0.0, earned - taken)
    return ClassRow(student, "", "", earned, counts, 30, late or 0.0, 0.0, {"functions": functions}, handed_in=dated)


ROWS = (row("ada", FULL), row("bob", HALF))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook that was made by writing into it."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/usr/bin:/bin")  # without the folder of `alembic`, which nbgrader calls
        write_scores(str(path), EXERCISE, ROWS)
    return path


@pytest.fixture
def url(tmp_path: Path, written: Path) -> str:
    shutil.copy(written, tmp_path)
    return f"sqlite:///{tmp_path}/gradebook.db"


def scores(url: str) -> dict[str, float]:
    with Gradebook(url) as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions(EXERCISE.name)}


def grade_by_hand(url: str, student: str) -> None:
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("check-loss", EXERCISE.name, EXERCISE.name, student)
        grade.manual_score, grade.extra_credit = 1.0, 0.5
        gradebook.db.commit()


class TestWriting:
    def test_each_student_gets_their_points(self, url):
        assert scores(url) == {"ada": 30, "bob": 5}
        with Gradebook(url) as gradebook:
            submission = gradebook.find_submission(EXERCISE.name, "ada")
            assert (submission.max_score, submission.needs_manual_grade) == (30, False)
            assert gradebook.find_grade("check-loss", EXERCISE.name, EXERCISE.name, "bob").auto_score == 2

    def test_again_it_overwrites_but_not_what_people_gave(self, url):
        grade_by_hand(url, "ada")
        write_scores(url, EXERCISE, [row("ada", HALF), row("cleo", FULL)])
        assert scores(url) == {"ada": 3 + 1.0 + 0.5, "bob": 5, "cleo": 30}
        with Gradebook(url) as gradebook:
            assert gradebook.find_submission(EXERCISE.name, "ada").needs_manual_grade

    def test_a_path_is_an_address(self, written):
        assert scores(f"sqlite:///{written}") == {"ada": 30, "bob": 5}

    def test_rows_may_take_their_time(self, url):
        """While the next row is being made, nobody else is kept from the gradebook."""

        def slowly():
            for student in ("dan", "eve"):
                with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0) as other:
                    other.execute("update student set first_name = 'x'")
                yield row(student, FULL)

        write_scores(url, EXERCISE, slowly())
        assert scores(url)["eve"] == 30


class TestComparing:
    def test_before_and_after(self, url):
        rows = [row("ada", HALF), row("bob", FULL), row("cleo", FULL)]
        changes = (GradebookChange("ada", 30, 5), GradebookChange("bob", 5, 30), GradebookChange("cleo", None, 30))
        assert compare(url, EXERCISE, rows) == changes
        assert scores(url) == {"ada": 30, "bob": 5}
        write_scores(url, EXERCISE, rows)
        assert scores(url) == {change.student: change.after for change in changes}

    def test_what_people_gave_is_on_both_sides(self, url):
        grade_by_hand(url, "bob")
        assert compare(url, EXERCISE, [row("bob", FULL)]) == (GradebookChange("bob", 4.5, 29.5),)

    def test_nothing_is_made_or_changed(self, url, tmp_path):
        path = Path(url.removeprefix("sqlite:///"))
        before = path.read_bytes()
        compare(url, EXERCISE, ROWS)
        assert path.read_bytes() == before
        assert compare(str(tmp_path / "none.db"), EXERCISE, ROWS)[0] == GradebookChange("ada", None, 30)
        assert not (tmp_path / "none.db").exists()


class TestLateness:
    """What lateness took, as nbgrader's own late penalty."""

    ROWS = (
        row("ada", FULL, late=77400.0, taken=2.65),
        row("bob", HALF, late=1.0, taken=9),
        row("cleo", FULL, late=0.0),
    )

    def counting(self, url: str) -> dict[str, tuple[float, float, float]]:
        """What was earned, what lateness took and what counts, as nbgrader's export has them."""
        with Gradebook(url) as gradebook:
            found = gradebook.assignment_submissions(EXERCISE.name)
            numbers = {each.student.id: (each.score, each.late_submission_penalty) for each in found}
        return {name: (score, taken, max(0.0, round(score - taken, 2))) for name, (score, taken) in numbers.items()}

    def test_it_is_written_and_taken_back(self, url):
        said = [f"{change}" for change in compare(url, EXERCISE, self.ROWS)]
        assert said == ["ada: 30 before, 27.35 now", "bob: 5 before, 0 now", "cleo: not graded before, 30 now"]
        write_scores(url, EXERCISE, self.ROWS)
        wanted = {"ada": (30, 2.65, 27.35), "bob": (5, 5, 0), "cleo": (30, 0, 30)}
        assert self.counting(url) == wanted
        assert all(change.before == change.after for change in compare(url, EXERCISE, self.ROWS))
        write_scores(url, EXERCISE, [row("ada", FULL, late=0.0)])
        assert self.counting(url)["ada"] == (30, 0, 30)

    def test_without_a_deadline_it_stays_as_nbgrader_has_it(self, url):
        write_scores(url, EXERCISE, self.ROWS)
        assert compare(url, EXERCISE, [row("ada", HALF)]) == (GradebookChange("ada", 27.35, 2.35),)
        write_scores(url, EXERCISE, [row("ada", HALF)])
        assert self.counting(url)["ada"] == (5, 2.65, 2.35)

    def test_a_late_student_has_the_same_three_numbers_everywhere(self, url, tmp_path):
        """The table, report, page, terminal, the class's page, Canvas, Moodle, and nbgrader."""
        due, rule = parse_deadline("2026-12-01 12:00 UTC"), parse_rule("5.55%/day,max=50%")
        times = {"bob": datetime(2026, 12, 2, 9, 30, tzinfo=UTC), "ada": due.moment}
        submissions = write_class(tmp_path / "submissions", {"ada.py": "7", "bob.py": "5"})
        output = tmp_path / "results"
        run(plan_of(submissions, output, lateness=Lateness(due, rule, times)), with_page=True)
        earned, taken, hours, counts = "23", "1.66", "21.5", "21.34"  # 5.55 % of 30 are 1.665: a half is the student's
        with Store(output) as store:
            rows = list(store.rows())
            term = list(csv.DictReader(render_table(read_term(store)).splitlines()))[1]
        assert (term["exercise2"], term["total"], term["exercise2 penalty"]) == (counts, counts, taken)
        table = list(csv.reader((output / "grades.csv").read_text().splitlines()))
        assert table[2][:6] == ["bob", counts, "30", earned, taken, hours]
        assert sum(map(int, table[2][6:])) == int(earned)
        told = json.loads((output / "reports" / "bob.json").read_text())["lateness"]
        assert {name: f"{value}" for name, value in told.items()} == {
            "earned": earned, "penalty": taken, "hours_late": hours, "counts": counts
        }  # fmt: skip
        page = (output / "feedback" / "bob.html").read_text()
        assert f"<title>exercise2: {counts} / 30</title>" in page
        assert f"{earned} points earned; handed in {hours} hours late, which takes {taken}: {counts} count" in page
        assert next(summary(output)).endswith(f"26.5 earned; 1 came late, which took {taken} points in all)")
        shown = " ".join(re.sub("<[^>]*>", " ", (output / "report.html").read_text()).split())
        assert f"bob 21 h 30 min {earned} {taken} {counts} " in shown
        for text in (
            moodle.gradebook(rows, "x"),
            canvas.export(b"Student,ID,SIS Login ID,Section,x (1)\nB,2,bob,A,\n", rows, "x").text,
        ):
            assert text.splitlines()[-1].endswith(f",{counts}")
        write_scores(url, EXERCISE, rows)
        assert [f"{number:g}" for number in self.counting(url)["bob"]] == [earned, taken, counts]


class TestUnusable:
    @pytest.mark.parametrize(
        "address", ["sqlite:////nowhere/gradebook.db", "nonsense://x", "postgresql://localhost:1/none", "://"]
    )
    def test_one_line_says_so(self, address):
        with pytest.raises(UserError, match="cannot be used") as refused:
            write_scores(address, EXERCISE, ROWS)
        assert "\n" not in str(refused.value)

    def test_a_file_that_is_no_gradebook(self, tmp_path):
        (tmp_path / "grades.db").write_text("a,b,c\n" * 1000)
        for use in (write_scores, compare):
            with pytest.raises(UserError, match="cannot be used"):
                use(str(tmp_path / "grades.db"), EXERCISE, ROWS)

    def test_other_cells_than_the_kit_has(self, url):
        with Gradebook(url) as gradebook:
            gradebook.find_grade_cell(grade_cell.ID.format("loss"), EXERCISE.name, EXERCISE.name).max_score = 7
            gradebook.db.commit()
        with pytest.raises(UserError, match="check-loss with 2 points; run `nbgrader generate_assignment exercise2"):
            write_scores(url, EXERCISE, ROWS)
