"""What is told when a class has been graded, and the exit codes."""

import pytest
from classes import EXERCISE, put

from autograder.classroom.candidates import Refused
from autograder.classroom.enrolment import Enrolled, Enrolment
from autograder.classroom.run import Failure, RunResult, ScoreChange
from autograder.classroom.store import Store
from autograder.cli.class_lines import exit_code, tell, tell_roster

DONE = RunResult(1, 0, (), (), (), (), ())
NOTHING = RunResult(0, 0, (), (), (), (), ())
MISSING = Refused("pat", "has nothing", is_missing=True)
FAILED = RunResult(1, 0, (Refused("x.py", "is odd"),), (), (Failure("Doe, Jane", "it was killed"),), (), ())


@pytest.mark.parametrize(
    ("outcomes", "refused", "code"),
    [
        ([DONE], [], 0), ([DONE], [MISSING], 0), ([DONE], [Refused("x", "y")], 1), ([NOTHING], [], 1), ([], [], 1),
        ([DONE, NOTHING], [], 0), ([DONE, FAILED], [], 3),
    ],
)  # fmt: skip
def test_exit_codes(outcomes, refused, code):
    assert exit_code(outcomes, refused) == code


def test_names_with_commas_stand_in_quotes(capsys):
    changed, gone = (ScoreChange("Lee, Ann", 3, 4),), ("Doe, Jane", "bob")
    tell(RunResult(1, 0, (Refused("Doe, Jane", "has 2 files", student="Doe, Jane"),), (), FAILED.failed, gone, changed))
    assert capsys.readouterr().err.splitlines()[:5] == [
        'not graded: "Doe, Jane" has 2 files',
        'changed: "Lee, Ann" had 3 points and now has 4',
        'graded earlier, and refused now: "Doe, Jane"; the results stay',
        "graded earlier, and not here any more: bob; the results stay",
        'ERROR: no verdict on "Doe, Jane": it was killed',
    ]


def test_of_an_exercise_of_several_what_only_its_run_refused_is_told(capsys):
    early, late = Refused("Doe, Jane", "has 2 files"), Refused("bob's time", "cannot be read")
    tell(RunResult(1, 0, (early, late), (), (), (), ()), "exercise2", (early,))
    assert capsys.readouterr().err == "exercise2: not graded: bob's time cannot be read\n"


def test_who_is_missing_who_is_a_stranger_and_who_has_gone(tmp_path, capsys):
    students = Enrolled("ann"), Enrolled("kim"), Enrolled("Doe, Jane"), Enrolled("pat", is_withdrawn=True)
    with Store(tmp_path, create=EXERCISE) as store:
        put(store, "ann")
        put(store, "zoe")
    tell_roster(tmp_path)
    assert capsys.readouterr().err == ""
    with Store(tmp_path, create=EXERCISE) as store:
        store.put_roster(Enrolment(students))
    tell_roster(tmp_path)
    assert capsys.readouterr().err.splitlines() == [
        'nothing handed in: 2 of 3 on the roster (kim, "Doe, Jane")',
        "not on the roster, and listed all the same: zoe",
        "withdrawn, and left out of tables, pages and exports: pat",
    ]
