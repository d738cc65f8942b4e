"""What is kept of a class for its page: counts that stay small however many students write whatever they like."""

import json
from dataclasses import replace
from decimal import Decimal

from example_reports import EXERCISE, check, report

from autograder.classroom.counts import (
    DIFFERENT,
    EXPLAINED,
    LISTED,
    NAMED,
    ClassCounts,
    Shared,
    StudentResult,
    Tally,
    mistakes_in,
)
from autograder.model import ClassRow, Diagnosis, Revealed, message
from autograder.report import json as json_report


def test_a_tally_keeps_what_is_common_of_any_number_of_texts() -> None:
    tally = Tally()
    for at in range(3 * DIFFERENT):
        tally.add(f"text {chr(0x4E00 + at)}")
        tally.add(f"it is {at} off by 1e-{at}")
        tally.add("a1 is wrong" if at % 2 else "a2 is wrong")
    assert len(tally.counts) == DIFFERENT
    common = tally.commonest(3)
    assert common == [("it is 0 off by 1e-0", 3 * DIFFERENT), ("a1 is wrong", 1500), ("a2 is wrong", 1500)]
    assert tally.left_out(3) == 3 * DIFFERENT


def student(name: str) -> StudentResult:
    return StudentResult(name, 1, 1, Decimal(0), 0, 0, (), (), is_breach=False, is_errored=False, is_loaded=True)


def test_of_many_students_with_one_mistake_the_first_are_named() -> None:
    shared = Shared()
    for at in range(3 * NAMED):
        shared.add(student(f"s{at}"), f"{at} times too much", f"line {at}")
    assert shared.count == 3 * NAMED
    assert [(one.name, remark) for one, remark in shared.first] == [(f"s{at}", f"line {at}") for at in range(NAMED)]
    assert shared.texts.commonest(1) == [("0 times too much", 3 * NAMED)]


def test_a_student_without_a_report_has_no_verdict() -> None:
    counts = ClassCounts(EXERCISE)
    for at in range(LISTED + 2):
        counts.add(ClassRow(f"s{at}", "a.py", "0", 0, 0.0, 30, 0.0, 0.1, {}, is_errored=True))
    assert (len(counts.students), counts.judged, len(counts.errors)) == (LISTED + 2, [], LISTED)
    assert counts.students[0].points == (0,) * len(EXERCISE.functions)
    assert counts.checks == {}


def test_mistakes_are_counted_of_those_who_tried_the_function_the_commonest_first() -> None:
    counts = ClassCounts(EXERCISE)
    for at in range(10):
        kind = ["sign-flipped", "mean-not-sum", "mean-not-sum"][at % 3] if at < 6 else ""
        diagnosis = Diagnosis(kind, message("{parts}: divided by n", parts="`a1`")) if kind else None
        wrong = check("loss", "failed" if at < 8 else "not_attempted", points=2, diagnosis=diagnosis)
        written = json.loads(json_report.render(report(wrong, replace(wrong, check=replace(wrong.check, name="two")))))
        counts.add(ClassRow(f"s{at}", "a.py", "0", 0, 0.0, 30, 0.0, 0.1, written))
    [(function, tried, mistakes)] = counts.mistakes()
    assert (function, tried) == ("loss", 8)
    assert [(kind, shared.count) for kind, shared in mistakes] == [("mean-not-sum", 4), ("sign-flipped", 2)]
    assert mistakes[0][1].texts.commonest(1) == [("`a1`: divided by n", 4)]
    assert mistakes_in(written["checks"]) == {}


def test_who_has_no_such_function_has_not_tried_it() -> None:
    counts = ClassCounts(EXERCISE)
    for text in ("the values are wrong", "there is no `loss` in your file; it is called as loss(y_pred, y)"):
        wrong = check("loss", "failed", points=2, message=message(text))
        counts.add(ClassRow("s", "a.py", "0", 0, 0.0, 30, 0.0, 0.1, json.loads(json_report.render(report(wrong)))))
    assert counts.tried("loss") == 1
    assert sum(each.failed for each in counts.checks.values()) == 2


def test_the_first_who_failed_a_hidden_check_are_kept_with_what_it_has_seen() -> None:
    said = Revealed(message("it is wrong"), (("x", "[4711]"),))
    counts = ClassCounts(EXERCISE)
    for at in range(EXPLAINED + 2):
        failed = check("loss", "failed", points=2, visibility="hidden", message=message("wrong"), revealed=said)
        row = json.loads(json_report.render(report(failed)))
        counts.add(ClassRow(f"s{at}", "a.py", "0", 28, 28.0, 30, 0.0, 0.1, row))
    kept = counts.checks[failed.check.name].explained
    assert [student.name for student, _ in kept] == [f"s{at}" for at in range(EXPLAINED)]
    assert kept[0][1]["case"] == [{"name": "x", "value": "[4711]"}]
