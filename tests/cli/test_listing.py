"""`grade` alone: the exercises with the last scores, and what to go on with."""

from pathlib import Path

from example_reports import WRONG

from autograder.cli import grade


def test_a_new_kit(kit, capsys):
    assert grade.run([]) == 0
    assert capsys.readouterr().out == (
        "exercise1  One layer                 – / 5   not graded yet\n"
        "exercise2  Two layers, one factor    – / 5   not graded yet\n"
        "\n"
        "Next:     exercises/exercise1.py\n"
        "Then run: grade exercise1\n"
    )


def test_scores_are_remembered(kit, grader, capsys):
    grade.run(["exercise1"])
    grader.report = WRONG
    grade.run(["exercise2"])
    capsys.readouterr()
    assert grade.run([]) == 0
    out = capsys.readouterr().out
    assert "exercise1  One layer                30 / 30\n" in out
    assert "exercise2  Two layers, one factor   11 / 30\n" in out
    assert out.endswith("Then run: grade exercise2\n")


def test_an_edit_since_is_noticed(kit, grader, capsys):
    grade.run(["exercise2"])
    Path("exercises/exercise2.py").write_text("a = 2\n")
    capsys.readouterr()
    grade.run([])
    assert "   30 / 30  edited since\n" in capsys.readouterr().out


def test_everything_done(kit, grader, capsys):
    grade.run(["exercise1"])
    grade.run(["exercise2"])
    capsys.readouterr()
    grade.run([])
    assert capsys.readouterr().out.endswith("Full marks everywhere. Well done!\n")
