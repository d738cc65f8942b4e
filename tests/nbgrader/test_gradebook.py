"""Scores put into nbgrader's gradebook without notebooks, and compared with what it holds."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.errors import UserError
from autograder.nbgrader.gradebook import GradebookChange, compare, write_scores
from autograder.submissions import grade_cell

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # nbgrader's own
    pytest.mark.system,  # a gradebook is made by a command
]

EXERCISE = find_exercise(KIT, "exercise2")
FULL = dict(EXERCISE.functions)
HALF = {name: points if name in ("forward", "loss") else 0 for name, points in FULL.items()}
ROWS = (("ada", FULL), ("bob", HALF))


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
        write_scores(url, EXERCISE, [("ada", HALF), ("cleo", FULL)])
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
                yield student, FULL

        write_scores(url, EXERCISE, slowly())
        assert scores(url)["eve"] == 30


class TestComparing:
    def test_before_and_after(self, url):
        rows = [("ada", HALF), ("bob", FULL), ("cleo", FULL)]
        changes = (GradebookChange("ada", 30, 5), GradebookChange("bob", 5, 30), GradebookChange("cleo", None, 30))
        assert compare(url, EXERCISE, rows) == changes
        assert scores(url) == {"ada": 30, "bob": 5}
        write_scores(url, EXERCISE, rows)
        assert scores(url) == {change.student: change.after for change in changes}

    def test_what_people_gave_is_on_both_sides(self, url):
        grade_by_hand(url, "bob")
        assert compare(url, EXERCISE, [("bob", FULL)]) == (GradebookChange("bob", 4.5, 29.5),)

    def test_nothing_is_made_or_changed(self, url, tmp_path):
        path = Path(url.removeprefix("sqlite:///"))
        before = path.read_bytes()
        compare(url, EXERCISE, ROWS)
        assert path.read_bytes() == before
        assert compare(str(tmp_path / "none.db"), EXERCISE, ROWS)[0] == GradebookChange("ada", None, 30)
        assert not (tmp_path / "none.db").exists()


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
