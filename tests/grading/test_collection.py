"""Checks are collected by pytest, whatever its settings here are; those that do not fit together are refused."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from places import KIT
from small_kit import CHECKS

from autograder.authoring.catalog import exercise_names, find_exercise
from autograder.errors import GraderError
from autograder.exercise import Exercise
from autograder.grading.cases import CaseGenerator, CaseRecorder
from autograder.grading.collection import PYTEST_VARIABLES, collect

ONE = CHECKS[CHECKS.index('@check("double", points=3') : CHECKS.index('@check("half"')]
HALF = CHECKS[CHECKS.index('@check("half"') :]
HALF_MARK = HALF[: HALF.index("def")]
HALF_ORACLE = CHECKS[CHECKS.index("@oracle()\ndef half") : CHECKS.index('@check("double", points=2')]


def names(exercise: Exercise) -> list[str]:
    return [each.check.name for each in collect(exercise).checks]


def test_checks_come_in_the_order_of_their_file_and_can_be_run(exercise):
    collection = collect(exercise)
    assert [each.check.name for each in collection.checks] == ["double", "double_one", "half"]
    assert collection.oracles.functions == ("double", "half")
    judge = CaseRecorder()
    collection.checks[0].body(judge, CaseGenerator(1))
    assert judge.cases[0].arguments[0].shape == (4,)


def test_nothing_but_checks_is_collected(exercise):
    more = "\ndef test_it(): 1 / 0\n\ndef helper_check_(): 1 / 0\n"
    exercise.checks.write_text(CHECKS + more, encoding="utf-8")
    assert names(exercise) == ["double", "double_one", "half"]


def test_changed_checks_are_taken_up(exercise):
    assert len(names(exercise)) == 3
    exercise.checks.write_text(CHECKS.replace(ONE, ""), encoding="utf-8")
    assert names(exercise) == ["double", "half"]


def test_nothing_is_written(exercise):
    def files() -> list[Path]:
        return sorted(path for path in exercise.kit.rglob("*") if "__pycache__" not in path.parts)

    before = files()
    collect(exercise)
    assert files() == before


MISFITS = {
    "a misspelt need": (
        'needs=("double",)',
        'needs=("duoble",)',
        "check_double_one needs duoble, and there is no such check above it; write double, if",
    ),
    "a need of itself": ('needs=("double",)', 'needs=("double_one",)', "double_one needs double_one, and there is no"),
    "a need below": ('needs=("double",)', 'needs=("half",)', "double_one needs half, and there is no such check above"),
    "visible needs hidden": (
        'for x = 6?"',
        '?", needs=("double_one",)',
        "check_half needs double_one, a hidden one",
    ),
    "a misspelt function": (
        '@check("half"',
        '@check("hlaf"',
        "of hlaf, which has no oracle; call the oracle half so",
    ),
    "a function without checks": (HALF, "", "half has an oracle and no check; write one"),
    "no oracle": (HALF_ORACLE, "", "check_half is of half, which has no oracle; write one: @oracle"),
    "not marked": (HALF_MARK, "", "check_half has no @check"),
    "doubled": (HALF_MARK, f"check_again = check_double_one\n\n\n{HALF_MARK}", "there are two checks double_one"),
    "needs that are text": ('needs=("double",)', 'needs="double"', "the needs of check_double_one are no tuple"),
    "out of order": (
        ONE + HALF,
        HALF + "\n\n" + ONE,
        "double_one stands below the checks of half; put them in the order",
    ),
}


@pytest.mark.parametrize(("old", "new", "problem"), MISFITS.values(), ids=MISFITS)
def test_checks_that_do_not_fit_together_are_refused(exercise, old, new, problem):
    assert CHECKS.count(old) == 1
    exercise.checks.write_text(CHECKS.replace(old, new), encoding="utf-8")
    with pytest.raises(GraderError, match=rf"small\.py: .*{problem}"):
        collect(exercise)


@pytest.mark.parametrize("name", exercise_names())
def test_hidden_checks_at_the_end_of_the_file_are_refused(name, tmp_path):
    """No order of the checks in a file may change a verdict: where theirs is not the table's, there is none."""
    exercise = find_exercise(KIT, name)
    parts = exercise.checks.read_text(encoding="utf-8").split("\n\n\n")
    hidden = [part for part in parts if part.startswith("@check(") and 'visibility="hidden"' in part]
    assert len(hidden) > 1
    moved = tmp_path / exercise.checks.name
    moved.write_text("\n\n\n".join([part for part in parts if part not in hidden] + hidden), encoding="utf-8")
    with pytest.raises(GraderError, match=r"stands below the checks of \w+; put them in the order of the oracles"):
        collect(replace(exercise, checks=moved))


@pytest.mark.parametrize(
    ("checks", "problem"),
    [
        ("import nothing_of_that_name", r"do not load: ModuleNotFoundError.*nothing_of_that_name.*small\.py:1\)"),
        ("def check_(:", "do not load: .*SyntaxError"),
        ("1 / 0", "do not load: .*ZeroDivisionError"),
        ("raise SystemExit", "could not be collected"),
        ("x = 1", "could not be collected"),
        ("", "could not be collected"),
    ],
)
def test_checks_that_do_not_load_say_why(exercise, checks, problem):
    exercise.checks.write_text(checks, encoding="utf-8")
    with pytest.raises(GraderError, match=f"the checks of small {problem}"):
        collect(exercise)


def test_an_interrupt_goes_through(exercise):
    exercise.checks.write_text("raise KeyboardInterrupt", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        collect(exercise)


def test_settings_of_pytest_do_not_reach_the_checks_and_stay_as_they_were(exercise, monkeypatch):
    settings = dict(zip(PYTEST_VARIABLES, ("--version", "nothing_of_that_name", "1", "yes"), strict=True))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    (exercise.checks.parent / "conftest.py").write_text("1 / 0", encoding="utf-8")
    (exercise.kit / "pytest.ini").write_text("[pytest]\naddopts = --nothing-of-that-name", encoding="utf-8")
    monkeypatch.chdir(exercise.kit)
    assert names(exercise) == ["double", "double_one", "half"]
    assert {name: os.environ.get(name) for name in settings} == settings


def test_no_setting_of_ours_stays(exercise, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    exercise.checks.write_text("1 / 0", encoding="utf-8")
    with pytest.raises(GraderError):
        collect(exercise)
    assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in os.environ
