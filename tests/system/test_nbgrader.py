"""A term with the real nbgrader: what the kit writes for it, and what becomes of a class's notebooks."""

import csv
import getpass
import json
import re
import zipfile
from pathlib import Path

import pytest
from hostile_notebook import LiveParts
from nbgrader_course import EXERCISE, MINE, Class, cell, read, run, text
from places import KIT
from students import graded

from autograder.authoring.catalog import find_exercise
from autograder.errors import UserError
from autograder.host.fork_server import ForkServer
from autograder.submissions.submission import read_submission

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own

CONFIG = """
c.Exchange.root = "exchange"
c.Exchange.cache = "cache"
c.FileNameCollectorPlugin.named_regexp = r".*?(?P<student_id>[a-z]+)_(?P<timestamp>[0-9-]+)_(?P<file_id>.+)"
c.AssignLatePenalties.plugin_class = "late.TwoPoints"
"""
LATE = """
from nbgrader.plugins import LateSubmissionPlugin

class TwoPoints(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2
"""
DUE, IN_TIME, TOO_LATE = "2026-11-30 12:00:00 UTC", "2026-11-30-10-00-00", "2026-12-01-10-00-00"
UNREADABLE = ("nothing", "corrupted")  # by `grade` too, which then says what the reason is
OURSELVES = getpass.getuser()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder whose exercise 2 has been released."""
    from autograder.nbgrader.course_folder import write_course

    root = tmp_path_factory.mktemp("nbgrader")
    course = root / "course"
    write_course(KIT, course, "backpropagation")
    places = "".join(f'c.Exchange.{each} = "{root / each}"\n' for each in ("root", "cache"))
    (root / "root").mkdir()
    (root / "root").chmod(0o777)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(CONFIG + places)
    (course / "late.py").write_text(LATE)
    (root / "home").mkdir()
    (root / "home" / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.CourseDirectory.course_id = "backpropagation"\n{places}'
    )
    run(course, "db", "assignment", "add", EXERCISE, f"--duedate={DUE}")
    run(course, "generate_assignment", EXERCISE)
    run(course, "release_assignment", EXERCISE)
    return course


@pytest.fixture(scope="module")
def collected(course: Path) -> Path:
    """The same with what the class has handed in: one through the exchange, the others as an archive."""
    home = course.parent / "home"
    run(home, "fetch_assignment", EXERCISE)
    fetched = home / EXERCISE / f"{EXERCISE}.ipynb"
    archive = course / "downloaded" / EXERCISE / "archive"
    archive.mkdir(parents=True)
    students = dict(Class(solved_notebook(EXERCISE), solved_notebook("exercise1")).all(read(fetched)))
    with zipfile.ZipFile(archive / "class.zip", "w") as packed:
        for name, data in students.items():
            packed.writestr(f"{name}_{TOO_LATE if name == 'late' else IN_TIME}_{EXERCISE}.ipynb", data)
    fetched.write_bytes(students["right"])
    run(home, "submit", EXERCISE)
    run(course, "collect", EXERCISE)
    run(course, "zip_collect", EXERCISE)
    return course


def solved_notebook(name: str) -> dict[str, object]:
    from autograder.authoring.notebook import render
    from autograder.nbgrader.course_folder import source_notebook

    return json.loads(render(source_notebook(find_exercise(KIT, name))))


@pytest.fixture(scope="module")
def log(collected: Path) -> str:
    return run(collected, "autograde", EXERCISE)


@pytest.fixture(scope="module")
def autograded(collected: Path, log: str) -> Path:
    """The same after autograding and feedback."""
    run(collected, "generate_feedback", EXERCISE)
    return collected


@pytest.fixture(scope="module")
def exported(autograded: Path) -> dict[str, dict[str, str]]:
    run(autograded, "export")
    with (autograded / "grades.csv").open(newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == EXERCISE}


@pytest.fixture(scope="module")
def expected(collected: Path, fork_server: ForkServer) -> dict[str, dict[str, int]]:
    """The points of each function that `grade` gives for the file of each student."""
    points = {}
    for folder in sorted((collected / "submitted").iterdir()):
        path = folder / EXERCISE / f"{EXERCISE}.ipynb"
        if folder.name in UNREADABLE:
            with pytest.raises(UserError):
                read_submission(path)
            points[folder.name] = {name: 0 for name, _ in find_exercise(KIT, EXERCISE).functions}
        else:
            report = graded(fork_server, EXERCISE, read_submission(path))
            points[folder.name] = {result.name: result.score for result in report.functions}
    return points


def graded_notebook(course: Path, student: str) -> dict[str, object]:
    return read(course / "autograded" / student / EXERCISE / f"{EXERCISE}.ipynb")


def printed(notebook: dict[str, object], name: str = "") -> str:
    """What a cell shows on standard output; by default the first, which holds the grader's remarks."""
    shown = cell(notebook, name) if name else notebook["cells"][0]
    return "".join("".join(each.get("text", "")) for each in shown["outputs"])


class TestScores:
    def test_all_of_the_class_is_there(self, exported):
        assert len(exported) == 22
        assert OURSELVES in exported

    def test_each_score_is_that_of_grade(self, exported, expected):
        scores = {student: float(row["raw_score"]) for student, row in exported.items()}
        assert scores == {student: sum(points.values()) for student, points in expected.items()}

    def test_each_function_has_the_points_that_grade_gives_it(self, autograded, expected):
        assert points_in(autograded) == {
            (student, f"check-{name}"): score for student, points in expected.items() for name, score in points.items()
        }

    def test_what_each_student_earns(self, expected):
        """A guard against a class that has become something else than its names say."""
        assert {student: sum(points.values()) for student, points in expected.items()} == {
            **dict.fromkeys(
                (
                    "right",
                    "alive",
                    "warns",
                    "duplicates",
                    "deletes",
                    "splits",
                    "vandal",
                    "late",
                    "unwritable",
                    OURSELVES,
                ),
                30,
            ),
            "wrong": 20,
            "half": 7,
            "loops": 28,
            "crashes": 28,
            "cheats": 5,
            "hardcodes": 28,
            "other": 4,  # `loss` and `update` are the same in both
            **dict.fromkeys(("untouched", "empty", "nothing", "foreign", "corrupted"), 0),
        }

    def test_a_late_one_pays_for_it(self, exported):
        assert (exported["late"]["late_submission_penalty"], exported["late"]["score"]) == ("2.0", "28.0")
        assert {row["late_submission_penalty"] for name, row in exported.items() if name != "late"} == {"0.0"}

    def test_the_page_says_what_lateness_took(self, autograded):
        said = "points earned; lateness takes"
        assert f"30 {said} 2: 28 count" in page(autograded, "late")
        assert said not in page(autograded, "right")


def points_in(course: Path) -> dict[tuple[str, str], float]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {
            (submission.student.id, grade.name): grade.score
            for submission in gradebook.assignment_submissions(EXERCISE)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


class TestReports:
    @pytest.mark.parametrize(
        ("student", "function", "said"),
        [
            ("right", "collapse", "✔ collapse"),
            ("wrong", "chain_rule_gradients", "ask yourself"),
            ("half", "collapse", "not written yet"),
            ("loops", "update", "is there a loop that never ends"),
            ("crashes", "loss", "ended the Python process"),
            ("cheats", "chain_rule_gradients", "is switched off in this exercise"),
            ("hardcodes", "loss", "a hidden check"),
            ("deletes", "collapse", "✔ collapse"),
        ],
    )
    def test_each_grade_cell_shows_the_verdict(self, autograded, student, function, said):
        assert said in printed(graded_notebook(autograded, student), f"check-{function}")

    @pytest.mark.parametrize(
        ("student", "reason"),
        [
            ("empty", "there is no code in this notebook"),
            ("nothing", "is a broken notebook"),
            ("corrupted", "is a broken notebook"),
            ("foreign", "none of the functions of exercise2 is in this notebook"),
            ("other", "this is the notebook of exercise1, handed in as that of exercise2"),
        ],
    )
    def test_what_is_no_answer_says_why(self, autograded, log, student, reason):
        assert reason in printed(graded_notebook(autograded, student))
        assert any(reason in line and f"of {student}:" in line for line in log.splitlines())
        assert reason in page(autograded, student)

    def test_what_is_odd_is_told_again_at_the_end(self, log):
        """Between the lines that nbgrader writes of each submission, nobody finds it."""
        *_, end = log.split("to be seen to:")
        assert len(end.splitlines()) == 1 + 5
        assert "SAWarning" not in log

    def test_grade_cells_are_not_taken_for_the_student_s(self, autograded):
        """No worker could run them, and no student would know what to make of that."""
        for student in ("right", "splits", "duplicates"):
            assert "stopped" not in printed(graded_notebook(autograded, student))

    def test_hidden_checks_are_in_no_file(self, autograded):
        checks = (KIT / "autograder" / "checks" / f"{EXERCISE}.py").read_text(encoding="utf-8")
        hidden = re.findall(r'visibility="hidden".*?\ndef (\w+)', checks, re.DOTALL)
        assert len(hidden) > 5
        for folder in ("release", "autograded", "feedback"):
            for path in (autograded / folder).rglob("*"):
                if path.is_file():
                    found = path.read_text(encoding="utf-8")
                    assert [name for name in hidden if name in found or name.removeprefix("check_") in found] == []

    def test_a_failed_hidden_check_shows_no_case(self, autograded):
        said = printed(graded_notebook(autograded, "hardcodes"), "check-loss")
        assert not re.search(r"^ *(case|yours|expected) ", said, re.MULTILINE)


def page(course: Path, student: str) -> str:
    return (course / "feedback" / student / EXERCISE / f"{EXERCISE}.html").read_text(encoding="utf-8")


class TestNotebooks:
    """What students find in the notebook that comes back."""

    def test_their_own_outputs_are_as_they_were_submitted(self, autograded):
        assert cell(graded_notebook(autograded, "right"), "mine")["outputs"] == MINE["outputs"]

    def test_nothing_of_them_is_alive_in_the_page_that_shows_them(self, autograded):
        for student in ("alive", "right"):
            shown = page(autograded, student)
            assert LiveParts(shown).found == []
        assert page(autograded, "alive").count("4711") > 40

    def test_a_claimed_score_is_replaced(self, autograded):
        claimed = cell(graded_notebook(autograded, "cheats"), "check-loss")
        assert claimed["metadata"]["nbgrader"]["points"] == 2
        assert "from autograder.live import check" in text(claimed)
        assert [each["data"]["text/plain"] for each in claimed["outputs"] if "data" in each] == [["2"]]

    def test_deleted_grade_cells_come_back_below_their_function(self, autograded):
        names = [each["id"] for each in graded_notebook(autograded, "deletes")["cells"]]
        assert names[names.index("forward") + 1] == "check-forward"
        assert len(set(names)) == len(names)

    def test_where_all_is_gone_the_grade_cells_are_there_in_order(self, autograded):
        names = [each["id"] for each in graded_notebook(autograded, "corrupted")["cells"]]
        assert names == ["remarks", *(f"check-{name}" for name, _ in find_exercise(KIT, EXERCISE).functions)]

    def test_no_path_of_the_server_is_shown(self, autograded):
        for student in ("right", "corrupted"):
            assert str(autograded) not in page(autograded, student)

    def test_every_notebook_is_valid(self, autograded):
        import nbformat
        from nbgrader.nbgraderformat import MetadataValidator

        paths = list((autograded / "autograded").glob("*/*/*.ipynb"))
        assert len(paths) == 22
        for path in paths:
            notebook = nbformat.read(path, as_version=4)
            nbformat.validate(notebook)
            MetadataValidator().validate_nb(notebook)

    def test_the_pages_are_the_same_from_run_to_run(self, autograded):
        before = graded_notebook(autograded, "deletes")
        run(autograded, "autograde", EXERCISE, "--student=deletes", "--force")
        assert graded_notebook(autograded, "deletes") == before


class TestGradingAgain:
    def test_manual_scores_and_extra_credit_stay(self, autograded, expected):
        from nbgrader.api import Gradebook

        address = f"sqlite:///{autograded}/gradebook.db"
        with Gradebook(address) as gradebook:
            gradebook.find_grade("check-loss", EXERCISE, EXERCISE, "half").manual_score = 1.5
            gradebook.find_grade("check-update", EXERCISE, EXERCISE, "half").extra_credit = 0.25
            gradebook.db.commit()
        run(autograded, "autograde", EXERCISE, "--student=half", "--force")
        with Gradebook(address) as gradebook:
            assert gradebook.find_submission(EXERCISE, "half").score == 7 - 2 + 1.5 + 0.25
            assert gradebook.find_grade("check-loss", EXERCISE, EXERCISE, "half").needs_manual_grade
            assert not gradebook.find_grade("check-update", EXERCISE, EXERCISE, "half").needs_manual_grade

    def test_without_force_nothing_is_graded_twice(self, autograded):
        said = run(autograded, "autograde", EXERCISE)
        assert said.count("Skipping existing assignment") == 22
        assert "Autograding" not in said

    def test_feedback_reaches_the_student(self, autograded):
        # nbgrader has no feedback to give back to those whose files came as an archive.
        run(autograded, "release_feedback", EXERCISE, f"--student={OURSELVES}")
        home = autograded.parent / "home"
        run(home, "fetch_feedback", EXERCISE)
        (received,) = home.glob(f"{EXERCISE}/feedback/*/{EXERCISE}.html")
        assert "chain_rule_gradients" in received.read_text(encoding="utf-8")
