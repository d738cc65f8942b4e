"""Options of `course grade` that hold for one exercise or for all, and what one exercise's class may not be told."""

import pytest
from classes import write_class
from course_commands import refusal
from places import KIT

from autograder.cli.class_options import rule_options
from autograder.errors import UserError

GIVEN = {
    "deadline": (),
    "times": (),
    "times_from_files": False,
    "rule": (),
    "seed": None,
    "salt": None,
    "credit": None,
}


def test_what_holds_for_one_exercise_and_for_all_others():
    due = ("2026-12-01 12:00 UTC", "exercise2=2026-12-02 12:00 UTC")
    given = GIVEN | {"deadline": due, "rule": ("10%/day,max=50%", "exercise2=20%")}
    options = rule_options(given, ["exercise1", "exercise2"])
    assert options.asked("exercise1").deadline == "2026-12-01 12:00 UTC"
    assert options.asked("exercise2").deadline == "2026-12-02 12:00 UTC"
    assert [options.asked(name).penalty for name in ("exercise1", "exercise2")] == ["10%/day,max=50%", "20%"]
    assert rule_options(GIVEN, ["exercise1"]).asked("exercise1").deadline is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"deadline": ("exercise3=2026-12-01 12:00",)},
            "--deadline names exercise3, which is not graded here; there are",
        ),
        ({"times": ("a.csv", "b.csv")}, "--times is given twice for all exercises; leave the one that counts"),
        ({"salt": ""}, "--seed-per-student needs a word"),
    ],
)
def test_what_cannot_be(given, says):
    with pytest.raises(UserError) as error:
        rule_options(GIVEN | given, ["exercise1"])
    assert says in str(error.value)


def test_a_class_of_one_exercise_has_no_weights_and_needs_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(KIT)
    few = write_class(tmp_path / "few", {"ann.py": "1"})
    assert "name the folder for grades" in refusal("grade", "exercise1", few)
    said = refusal("grade", "exercise1", few, "--output", tmp_path / "out", "--weights", "exercise1=1")
    assert "--weights are those of exercises in the total of `course grade all`" in said
