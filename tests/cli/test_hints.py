"""Hints: one rung after the other, the question of a mistake just found first, and no run more than it takes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from example_reports import RIGHT, UNLOADABLE, WRONG

from autograder.cli import grade, hints, local_state
from autograder.errors import GraderError
from autograder.model import Diagnosis, Report, message

NAME = "chain_rule_gradients"
LADDER = f"""
from autograder.grading.ladders import Ladder

LADDERS = (
    Ladder("loss", "How?", ("L = ⎵",), {{"y": [1, 3]}}, (("L", "1 + 3 = 4"),), "Measure the error"),
    Ladder("{NAME}", "Why?", ("a = ⎵",), {{"x": [1, 3]}}, (("a", "1 + 3 = 4"),), "The chain rule"),
)
"""
MISTAKE = Diagnosis("upstream-factor-missing", message("a factor is missing"), "By how much does ŷ grow?")
OTHER = Diagnosis("sign-flipped", message("opposite sign"), "Does the loss rise?")


def named(diagnosis: Diagnosis | None) -> Report:
    checks = tuple(
        replace(each, diagnosis=diagnosis) if each.check.function == NAME and each.outcome == "failed" else each
        for each in WRONG.checks
    )
    return replace(WRONG, checks=checks)


@pytest.fixture
def hint(kit, grader, capsys, monkeypatch) -> Callable[..., str]:
    """Ask for a hint in a kit that has ladders; what is said."""
    place = kit.parent / "mistakes" / "hints" / "exercise2.py"
    place.parent.mkdir(parents=True)
    place.write_text(LADDER)
    monkeypatch.setattr("autograder.cli.grade._check_functions", lambda *_: None)
    grader.report = named(None)

    def hint(name: str = NAME) -> str:
        capsys.readouterr()
        assert grade.run(["exercise2", "--hint", name]) == 0
        return capsys.readouterr().out

    return hint


def test_a_ladder_is_climbed_and_begins_again(hint):
    said = [hint() for _ in range(5)]
    assert said[0] == f"{NAME} — hint 1 of 4: a question\n\n    Why?\n\nThe next hint: grade exercise2 --hint {NAME}\n"
    assert "    a = ⎵" in said[1]
    assert "    given  x  [1, 3]\n    then   a  1 + 3 = 4\n" in said[2]
    assert "exercises/exercise2.py, under “The chain rule”" in said[3]
    assert "That was the last hint" in said[3]
    assert said[4] == said[0]


def test_each_function_has_its_own_place(hint):
    assert "hint 1 of 4" in hint()
    assert "hint 1 of 4" in hint("loss")
    assert "hint 2 of 4" in hint()


def test_the_place_in_the_prose_is_that_in_the_file(hint):
    Path("exercises/exercise2.py").write_text("# %% [markdown]\n# ## The chain rule\n")
    assert "exercises/exercise2.py:2, under “The chain rule”" in [hint() for _ in range(4)][3]


def test_it_is_graded_only_where_the_file_has_changed(hint, grader):
    hint(), hint()
    assert grader.calls == [{"seed": 0, "functions": (NAME,)}]
    Path("exercises/exercise2.py").write_text("a = 2\n")
    hint()
    assert grader.events.count("graded") == 2


def test_a_run_spares_the_grading(hint, grader):
    grade.run(["exercise2"])
    hint(), hint("loss")
    assert grader.events.count("graded") == 1


def test_a_mistake_that_no_run_has_told_asks_first_and_once(hint, grader):
    hint()
    grader.report = named(MISTAKE)
    grade.run(["exercise2"])
    assert "hint 2 of 4" in hint()  # for the run has just told the mistake
    grader.report = named(OTHER)
    Path("exercises/exercise2.py").write_text("a = 2\n")
    said = hint()
    assert "opposite sign.\n" in said
    assert "Does the loss rise?" in said
    assert "hint 3 of 4" in hint()


def test_who_has_it_right_begins_anew(hint, grader):
    hint()
    grader.report = RIGHT
    grade.run(["exercise2"])
    assert hint().startswith(f"It is right already. All the same:\n{NAME} — hint 1 of 4")


@pytest.mark.parametrize("report", [GraderError("no worker"), UNLOADABLE])
def test_a_hint_needs_no_verdict(hint, grader, report):
    grader.report = report
    assert "hint 1 of 4" in hint()


def test_a_function_without_hints(hint):
    assert "there are no hints for it" in hint("forward")


def test_a_name_that_is_no_function_gets_the_nearest(kit, grader, fails):
    assert fails(2, "exercise2", "--hint", "los").endswith("did you mean loss?")
    assert grader.events == []


@pytest.mark.parametrize("more", [["--watch"], ["--format", "json"], ["--output", "report"], ["--plot", "picture.png"]])
def test_a_hint_is_all_that_is_shown(kit, grader, fails, more):
    assert "--hint only shows a hint" in fails(2, "exercise2", "--hint", "loss", *more)


def test_a_hint_without_an_exercise(fails):
    assert fails(2, "--hint", "loss").startswith("which exercise?")


@pytest.mark.parametrize("damage", [{}, {"rung": "1"}, {"rung": 1, "sha256": 4, "other": ""}, 3, None])
def test_damage_is_forgotten(kit, hint, damage):
    hint()
    (path,) = local_state.load(kit, hints.KIND)
    for stored in ({path: {NAME: damage}}, {path: damage}):
        local_state.save(kit, hints.KIND, stored)
        assert "hint 1 of 4" in hint() or damage == {"rung": 1, "sha256": 4, "other": ""}


def test_what_is_stored_cannot_reach_the_terminal_as_control(hint, grader):
    grader.report = named(replace(MISTAKE, text=message("{text}", text="\x1b[31mred")))
    assert "\x1b" not in hint()
