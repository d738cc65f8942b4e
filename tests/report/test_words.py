"""What all reports say alike: next steps, what is told of a function, and a student's text made harmless."""

from dataclasses import replace
from pathlib import Path

import pytest
from example_reports import (
    ERRORED,
    HIDDEN,
    HINT,
    NOTEBOOK,
    PARTLY,
    RIGHT,
    STUB,
    SUBMISSION,
    UNLOADABLE,
    UPCOMING,
    VIOLATION,
    WRONG,
    check,
    report,
)
from rich.cells import cell_len

from autograder.exercise import HeldBack
from autograder.model import Cell, Diagnosis, Evidence, Report, message
from autograder.report import github, html, text, words
from autograder.report.text import explanation

NUDGE = "def nudge(x):\n    raise NotImplementedError('nudge')\n"


def told(shown: Report, name: str) -> words.FunctionWords:
    return words.function_words(shown, next(result for result in shown.functions if result.name == name))


# Text from the student's side


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("plain\n\ttext ŷ", "plain\n\ttext ŷ"),
        ("\x1b[31mred\x1b[0m \x9b1mbold\x1b]0;title\x07", "red bold"),
        ("\x1b]8;;http://x.invalid\x1b\\link\x1b", "link"),
        ("a\r\nb\rc\bd\x00", "a\nbcd"),
        ("user\u202etxt\u2066", "user⟨U+202E⟩txt⟨U+2066⟩"),
        ("a\u2028b\u200fc\udc80", "abc"),
    ],
)
def test_nothing_that_a_terminal_obeys_is_left(text, harmless):
    assert words.harmless(text) == words.clean(text) == harmless


def test_a_text_is_bounded_in_length_and_height():
    assert words.clean("y" * 100_000) == "y" * words.LONGEST + " …"
    assert words.clean("y\n" * 100_000) == "\n".join("y" * words.TALLEST) + " …"
    assert words.clean(message("{x}", x="[red]")) == "[red]"


@pytest.mark.parametrize(
    ("printed", "shown", "more"),
    [
        ("10%\r50%\r100%\r\nready", ["100%", "ready"], False),  # a progress bar, as it ended
        (" \n\n", [], False),
        ("1\n2\n3\n4\n", ["2", "3", "4"], True),
        ("x" * 400, ["x" * 300 + " …"], False),
    ],
)
def test_the_end_of_what_was_printed(printed, shown, more):
    assert words.last_lines(printed, 3) == (shown, more)


@pytest.mark.parametrize("before", ["", "\t", "漢字", "\u202e", "x" * 3000, "损失 == = 1 + \t"])
def test_a_caret_stays_in_sight_under_its_place(before):
    lines = ("line 3", f"  {before}f(a, b", " " * (3 + len(before)) + "^")
    first, code, caret = words.excerpt(lines, 56)
    assert first == "line 3"
    assert cell_len(caret[: caret.index("^")]) == cell_len(code[: code.index("f(a, b") + 1])
    assert caret.index("^") <= 56 // 2
    assert cell_len(code) <= 56


# Paths and points


@pytest.mark.parametrize(
    ("path", "root", "below"),
    [
        ("/repo/exercises/exercise2.py", "/repo", "exercises/exercise2.py"),
        ("/repo/exercises/exercise2.py", "/repo/exercises", "exercise2.py"),
        ("/elsewhere/exercise2.py", "/repo", ""),
        ("/repository/exercise2.py", "/repo", ""),
    ],
)
def test_a_file_is_named_as_its_repository_names_it(path, root, below):
    shown = replace(RIGHT, submission=replace(SUBMISSION, path=Path(path)))
    assert words.path_below(shown, Path(root)) == below


def test_which_functions_were_graded_is_said_in_one_line():
    assert words.place(replace(RIGHT, functions=RIGHT.functions[:2])) == (
        "kit/exercises/exercise2.py (only forward, loss)"
    )
    assert words.place(replace(RIGHT, submission=replace(SUBMISSION, path=Path("a\nb")))) == "a b"


def test_points():
    assert words.points(WRONG) == "11 / 30"
    assert words.points(WRONG.functions[4]) == "0 / 2"


# One function


@pytest.mark.parametrize(("parts", "said"), [(4, 4), (5, 1)])
def test_of_many_notes_that_say_the_same_one_speaks(parts, said):
    notes = tuple(
        message("{where} is a {kind}; a tensor is usual", where=f"`{name}`", kind="float") for name in "abcde"
    )
    checks = tuple(
        replace(each, notes=notes[:parts]) if each.check.function == "loss" else each for each in WRONG.checks
    )
    found = told(replace(WRONG, checks=tuple(checks)), "loss").notes
    assert len(found) == said
    assert found[0].startswith("`a` is a float; a tensor is usual")
    assert ("(and so on, for 4 more)" in found[0]) == (said == 1)


def test_what_is_right_comes_before_the_first_failure():
    chain = told(WRONG, "chain_rule_gradients")
    assert chain.right == ["returns both gradients"]
    assert chain.failure.headline == "carries the error back through layer two"
    assert chain.failure.sentence == "`b1` is right; `a1` is wrong"
    assert chain.failure.question == HINT
    assert told(WRONG, "loss").notes == ["the answer is a float; a tensor is usual"]
    assert [told(WRONG, name).remark for name in ("update", "train_step", "collapse")] == [
        "",
        "waits until what it needs is right",
        "not written yet",
    ]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("`b1` is right; `a1` is averaged", ""),
        ("the biases are right; the weights are averaged", ""),
        ("right within the first epoch; later ones are not", ""),
        ("right size, opposite sign", "`b1` is right; "),
        ("`a1`: averaged", "`b1` is right; "),
    ],
)
def test_what_is_right_is_said_once(said, first):
    named = Diagnosis("bias-mean", message("{text}", text=said), "Why?")
    shown = report(check("loss", "failed", points=2, evidence=Evidence(right=("b1",)), diagnosis=named))
    assert told(shown, "loss").failure.sentence == first + said


def test_of_a_hidden_check_its_summary_and_its_question_are_told():
    assert told(HIDDEN, "forward").failure == words.FailureWords(
        "a hidden check: works for a single sample", "the values are wrong", question=HINT
    )


def test_a_mistake_that_is_named_speaks_in_place_of_the_message_and_the_hint():
    named = Diagnosis("half-dropped", message("exactly twice what is expected"), "What is the ½ for?")
    failed = check("loss", "failed", points=2, message=message("the value is wrong"), diagnosis=named)
    found = told(report(failed), "loss").failure
    assert (found.sentence, found.question) == ("exactly twice what is expected", "What is the ½ for?")
    assert found.mistake == "half-dropped"
    assert "half-dropped" in explanation(report(failed), report(failed).functions[1])


def test_the_form_of_an_answer_is_told_by_its_message():
    form = Diagnosis("wrong-shape", message("the answer has another shape than is due"))
    failed = check("loss", "failed", points=2, message=message("4 numbers"), diagnosis=form, question="Why so many?")
    found = told(report(failed), "loss").failure
    assert (found.sentence, found.question, found.mistake) == ("4 numbers", "Why so many?", "")


def test_a_breach_speaks_instead_of_the_checks():
    found = told(VIOLATION, "manual_gradients")
    assert ([violation.line for violation in found.violations], found.failure) == ([63], None)
    assert [violation.line for violation in words.violations_elsewhere(VIOLATION)] == [99]


def test_a_function_that_is_not_there_has_neither_property_nor_question():
    missing = check("forward", "failed", points=3, message=message("there is no `forward`"), evidence=Evidence())
    assert told(report(missing), "forward").failure == words.FailureWords("there is no `forward`")


def test_a_message_without_a_case_is_not_lost():
    shown = report(check("loss", "failed", points=2, message=message("it is too late")))
    assert told(shown, "loss").failure.sentence == "it is too late"


def test_the_grader_s_own_fault_names_the_check():
    found = told(ERRORED, "forward")
    assert found.failure is None
    assert found.fault.endswith("Please tell your instructor: check forward_gives_the_right_values.")


def test_a_deep_traceback_shows_where_it_ended():
    trace = tuple(f"line {number}" for number in range(1, 101))
    shown = report(check("forward", "failed", points=3, evidence=Evidence((("x", "[1]"),), trace=trace)))
    assert told(shown, "forward").failure.trace == [f"line {number}" for number in range(95, 101)]


# The whole report


@pytest.mark.parametrize(
    ("shown", "fresh", "full"),
    [(STUB, True, False), (PARTLY, False, False), (RIGHT, False, True), (WRONG, False, False)],
)
def test_nothing_written_and_all_right(shown, fresh, full):
    assert (words.is_fresh(shown), words.is_full(shown)) == (fresh, full)


def test_where_hidden_checks_are_left_out_praise_waits():
    held_back = replace(
        RIGHT, exercise=replace(RIGHT.exercise, at_hand_in=(("forward", HeldBack(1, 4, ("one sample", "float32"))),))
    )
    assert (words.praise(RIGHT), words.at_hand_in(RIGHT)) == (words.FULL_MARKS, "")
    assert words.praise(held_back) == words.VISIBLE_MARKS
    assert words.on_hand_in(held_back) == words.at_hand_in(held_back)
    assert words.on_hand_in(replace(WRONG, exercise=held_back.exercise)) == ""
    waiting = replace(WRONG.checks[-1], outcome="blocked", message=message("waits for `loss`"))
    assert words.on_hand_in(replace(WRONG, checks=(*WRONG.checks, waiting))) == words.WAITING
    assert "they hold 4 of the 34 points" in words.at_hand_in(held_back)
    assert words.at_hand_in(held_back).endswith("Also looked at when you hand in: one sample, float32.")


@pytest.mark.parametrize(
    ("shown", "steps"),
    [
        (STUB, ["Start with: forward, kit/exercises/exercise2.py:41", "Then run: grade exercise2"]),
        (
            PARTLY,
            [
                "Next: manual_gradients, kit/exercises/exercise2.py:61",
                "Then run: grade exercise2",
                "Stuck: grade exercise2 --hint manual_gradients",
            ],
        ),
        (UNLOADABLE, ["What to do: put that right and save the file", "Then run: grade exercise2"]),
        (ERRORED, ["To grade again: grade exercise2"]),
        (replace(RIGHT, functions=RIGHT.functions[:1]), ["All right so far. The whole file: grade exercise2"]),
        (RIGHT, ["See it learn: python kit/exercises/exercise2.py"]),
        (
            NOTEBOOK,
            [
                "Next: chain_rule_gradients, in my work/exercise2.ipynb",
                "Then run: grade exercise2 'my work/exercise2.ipynb'",
                "Stuck: grade exercise2 'my work/exercise2.ipynb' --hint chain_rule_gradients",
            ],
        ),
        (replace(RIGHT, submission=NOTEBOOK.submission), []),
        (
            replace(RIGHT, submission=replace(NOTEBOOK.submission, cells=(Cell("cell 1", NUDGE),))),
            ["Not graded: nudge is still yours to write"],
        ),
    ],
)
def test_what_to_do_next(shown, steps):
    assert words.step_lines(shown) == steps


def test_at_full_marks_the_next_exercise_is_named():
    assert words.next_steps(RIGHT, UPCOMING)[-1] == (
        "Next",
        "exercise3 — The PyTorch way, in exercises/exercise3.py",
    )


@pytest.mark.parametrize(
    ("path", "command"),
    [("kit/exercises/../exercises/exercise2.py", "grade exercise2"), ("a b.py", "grade exercise2 'a b.py'")],
)
def test_the_command_repeats_a_path_that_is_not_the_exercise_s_own(path, command):
    shown = replace(STUB, submission=replace(SUBMISSION, path=Path(path)))
    assert words.next_steps(shown, None)[-1] == ("Then run", command)


def test_how_points_are_earned_is_said_where_it_is_not_as_usual():
    assert words.credit(RIGHT) == ""
    partly = replace(RIGHT, credit="check")
    assert words.credit(partly).startswith("Partial credit by checks")
    assert words.credit(partly) in " ".join(text.render(partly, width=80, color=False).split())
    assert words.credit(partly) in github.summary(partly)
    assert words.credit(partly) in html.render(partly)
    held = (("loss", HeldBack(1, 3, ("one sample",))),)
    kit = replace(partly, exercise=replace(partly.exercise, at_hand_in=held))
    assert "hold 3 of the 33 points. Also" in words.at_hand_in(kit)


def test_a_check_without_points_that_fails_is_not_all_right():
    wrong = tuple(replace(each, outcome="failed") if each.name == "loss" else each for each in RIGHT.functions)
    assert not words.is_full(replace(RIGHT, functions=wrong))
