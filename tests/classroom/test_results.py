"""What is told of a class that was graded: its summary, its page, and what differs from an earlier grading."""

from dataclasses import replace

import pytest
from classes import EXERCISE, plan_of, run, write_class

from autograder.classroom.results import differences, summary, write_page
from autograder.errors import UserError

CLASS = {"ann.py": "7", "bob.py": "5", "eve.py": "0", "zoe.py": "2"}


@pytest.fixture
def submissions(tmp_path):
    return write_class(tmp_path / "submissions", CLASS)


@pytest.fixture
def output(tmp_path, submissions):
    run(plan_of(submissions, tmp_path / "results"))
    return tmp_path / "results"


def test_a_summary_leaves_out_what_has_no_verdict(submissions, output):
    write_class(submissions, {"zoe.py": "lost"})
    run(plan_of(submissions, output))
    first, *functions = summary(output)
    assert first == "3 graded, 17.7 of 30 points on average"
    assert functions[0].split() == ["forward", "2.0", "/", "3", "67%", "with", "full", "marks"]
    assert [line.split()[0] for line in functions] == [name for name, _ in EXERCISE.functions]
    run(plan_of(write_class(submissions, dict.fromkeys(CLASS, "lost")), output))
    assert list(summary(output)) == []


def test_differences_between_two_gradings(submissions, output, tmp_path):
    write_class(submissions, {"zoe.py": "6", "new.py": "1", "bob.py": "lost"})
    (submissions / "ann.py").unlink()
    before = (output / "grades.db").read_bytes()
    plan = plan_of(submissions, tmp_path / "now")
    run(plan)
    assert list(differences(output, plan)) == [
        "bob: 23 before, the grader failed now",
        "new: not graded before, 3 now",
        "zoe: 5 before, 28 now",
        "ann: 30 before, no submission now",
        "1 students keep their score; nothing was written",
    ]
    assert (output / "grades.db").read_bytes() == before
    only = plan_of(submissions, tmp_path / "one", only=("zoe",))
    run(only)
    assert list(differences(output, only))[:-1] == ["zoe: 5 before, 28 now"]
    other = replace(plan, order=replace(plan.order, exercise=replace(EXERCISE, name="exercise1")))
    with pytest.raises(UserError, match="holds the grades of exercise2; name a folder of exercise1"):
        list(differences(output, other))


def test_a_class_whose_exercise_has_changed_since(submissions, output):
    changed = replace(EXERCISE, functions=(("forward", 3), ("new", 5)))
    run(plan_of(submissions, output, changed, only=("zoe",)))
    assert [line.split()[0] for line in summary(output)] == ["4", "forward", "new"]
    write_page(output)
    assert "new" in (output / "report.html").read_text(encoding="utf-8")


def test_a_folder_without_grades_has_no_page(tmp_path):
    with pytest.raises(UserError, match=r"there is no grades\.db in"):
        write_page(tmp_path)
    assert list(tmp_path.iterdir()) == []
