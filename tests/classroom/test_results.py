"""What is told of a class that was graded: its summary, its page, and what differs from an earlier grading."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from classes import EXERCISE, plan_of, run, write_class

from autograder.classroom.counts import ClassCounts
from autograder.classroom.enrolment import Enrolled, Enrolment
from autograder.classroom.lateness import Deadline
from autograder.classroom.results import differences, mistake_lines, summary, write_page
from autograder.classroom.rule import ClassRule, stored
from autograder.classroom.run import Lateness
from autograder.cli.class_lines import tell_roster
from autograder.errors import UserError
from autograder.model import ClassRow
from autograder.report.source import lines_of

GRADER = {"isolation": "sandbox", "version": "0", "checks_sha256": "0", "python": "3", "torch": "2"}

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


def test_a_summary_tells_the_three_commonest_mistakes_of_those_who_tried():
    counts = ClassCounts(EXERCISE)
    kinds = ["swapped"] * 4 + ["half-dropped"] * 2 + ["wrong-axis", "wrong-shape"]
    for at, kind in enumerate([*kinds, None, None]):
        report = {"checks": [], "functions": [], "grader": GRADER}
        diagnosis = {"id": kind, "text": f"it is {kind}"} if kind else None
        told = {"name": "loss", "function": "loss", "summary": "", "visibility": "visible", "message": ""}
        report["checks"].append(told | {"outcome": "failed", "diagnosis": diagnosis})
        report["functions"].append({"name": "loss", "score": 0, "max_score": 2, "outcome": "failed"})
        counts.add(ClassRow(f"s{at}", "a.py", "0", 0, 0.0, 30, 0.0, 0.1, report | {"violations": []}))
    assert list(mistake_lines(counts)) == [
        "what went wrong, of those who tried:",
        "  loss",
        "     40% (4 of 10)  it is swapped  [swapped]",
        "     20% (2 of 10)  it is half-dropped  [half-dropped]",
        "     10% (1 of 10)  it is wrong-axis  [wrong-axis]",
    ]
    assert list(mistake_lines(ClassCounts(EXERCISE))) == []


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
        "1 student keeps their score; nothing was written",
    ]
    assert (output / "grades.db").read_bytes() == before
    only = plan_of(submissions, tmp_path / "one", only=("zoe",))
    run(only)
    assert list(differences(output, only))[:-1] == ["zoe: 5 before, 28 now"]
    other = replace(plan, order=replace(plan.order, exercise=replace(EXERCISE, name="exercise1")))
    with pytest.raises(UserError, match="holds the grades of exercise2; name a folder of exercise1"):
        list(differences(output, other))


def test_a_class_whose_exercise_has_changed_since(submissions, output, capsys):
    changed = replace(EXERCISE, functions=(("forward", 3), ("new", 5)))
    run(plan_of(submissions, output, changed, only=("zoe",)))
    assert [line.split()[0] for line in summary(output)] == ["4", "forward", "new"]
    tell_roster(output)
    said = "graded when exercise2 had other points, so that scores cannot be compared: ann, bob, eve; grade all again\n"
    assert capsys.readouterr().err == said
    write_page(output)
    assert "new" in (output / "report.html").read_text(encoding="utf-8")


def test_a_folder_without_grades_has_no_page(tmp_path):
    with pytest.raises(UserError, match=r"there is no grades\.db in"):
        write_page(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_page_tells_the_rule_and_who_is_missing_and_pages_have_the_code(submissions, output):
    due = Deadline(datetime(2026, 11, 30, tzinfo=UTC), has_zone=True)
    times = {name.removesuffix(".py"): datetime(2026, 11, 29, 10, tzinfo=UTC) for name in CLASS}
    rule = stored(ClassRule(deadline="2026-11-30 00:00 UTC", credit="check"))
    roster = Enrolment((Enrolled("ann"), Enrolled("kim"), Enrolled("gone", is_withdrawn=True)))
    plan = plan_of(submissions, output, lateness=Lateness(due, times=times))
    run(replace(plan, rule=rule, roster=roster))
    write_page(output)
    page = (output / "report.html").read_text(encoding="utf-8")
    assert "deadline 2026-11-30" in page
    assert "Each check that passes earns its own points." in page
    assert "1 student on the roster has handed in nothing" in page
    assert "<bdi>kim</bdi>" in page
    assert "gone" not in page
    assert '<td class="at">2026-11-29 ' in page
    own = (output / "feedback" / "ann.html").read_text(encoding="utf-8")
    assert lines_of(own) == ["7"]
    assert re.search(r"handed in 2026-11-29 \d\d:00 \S+, in time", own)
