"""The report in the terminal: what it says, in which order, and that no student's text reaches the terminal raw."""

import re
from dataclasses import replace

import pytest
from example_reports import EXAMPLES, HOSTILE, NOTEBOOK, PARTLY, RIGHT, STUB, UNLOADABLE, UPCOMING, VIOLATION, WRONG
from rich.cells import cell_len

from autograder.model import Report
from autograder.report.text import explanation, render

STYLE = re.compile(r"\x1b\[[0-9;]*m")
FOOTER = "\n\nGraded in a process of its own, without a sandbox.\n"


def text(shown: Report, width: int = 80) -> str:
    return render(shown, width=width, color=False, upcoming=UPCOMING)


def block(shown: Report, function: str) -> list[str]:
    """The lines on one function, without indentation."""
    lines = text(shown).split("\n")
    start = next(at for at, line in enumerate(lines) if re.match(rf"[✔✘·!] {function}\b", line))
    end = next(at for at in range(start + 1, len(lines)) if not lines[at].startswith(" "))
    return [line.strip() for line in lines[start:end]]


def said(text: str) -> str:
    """Text as one line, however it was wrapped."""
    return " ".join(text.split())


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("name", EXAMPLES)
class TestEveryReport:
    def test_no_line_is_too_long_or_ends_in_blanks(self, name, width):
        shown = text(EXAMPLES[name], width)
        assert shown.endswith("\n")
        assert "\n\n\n" not in shown
        for line in shown.split("\n"):
            assert cell_len(line) <= width, line
            assert line == line.rstrip()

    def test_colour_adds_nothing_but_colour(self, name, width):
        colored = render(EXAMPLES[name], width=width, color=True, upcoming=UPCOMING)
        assert STYLE.search(colored)
        assert STYLE.sub("", colored) == text(EXAMPLES[name], width)

    def test_nothing_a_terminal_would_obey(self, name, width):
        shown = text(EXAMPLES[name], width)
        assert all(char.isprintable() or char == "\n" for char in shown)
        assert shown.encode()  # no lone surrogate


def test_a_wrong_submission():
    expected = """\
exercise2 — Two layers, one factor                                       11 / 30
kit/exercises/exercise2.py

✔ forward                                                                 3 / 3
✔ loss                                                                    2 / 2
    note: the answer is a float; a tensor is usual
✔ manual_gradients                                                        6 / 6
✘ chain_rule_gradients                                                    0 / 10
    ✔ returns both gradients
    ✘ carries the error back through layer two
      `b1` is right; `a1` is wrong
      case      parameters: a1 = 0.8, b1 = -0.3, a2 = 1.6, b2 = 0.25
                x = [0.5, -1.2, 2]   y_pred = [0.41, -1.766, 2.33]
                y = [1, 0.5, -0.25]
      a1        yours 3.914, expected 6.262   (torch autograd)
      ask yourself: if `a1` grows by a little ε, g grows by x·ε. By how much
                    does ŷ grow?

✘ update                                                                  0 / 2
    it raises KeyError: 'lr'
· train_step — waits until what it needs is right                         0 / 5
· collapse — not written yet                                              0 / 2
The first of them is told in full; the option --all tells all.

your code printed:
  │ epoch 1: loss 20198330

Next:     chain_rule_gradients, kit/exercises/exercise2.py:71
Then run: grade exercise2
Stuck:    grade exercise2 --hint chain_rule_gradients

Graded in a process of its own, without a sandbox.
"""
    assert text(WRONG) == expected


def test_all_that_is_wrong_is_told_where_that_is_asked_for():
    shown = render(WRONG, width=80, color=False, in_full=True)
    assert "    ✘ steps downhill\n      it raises KeyError: 'lr'\n      case      parameters: a1 = 0.8" in shown
    assert "learning_rates['lr']" in shown
    assert "--all" not in shown


def test_a_stub_is_greeted_and_told_where_to_start():
    shown = text(STUB)
    assert shown.split("\n")[0].endswith(" 0 / 30")
    assert "Welcome!" in shown
    assert "Start with: forward, kit/exercises/exercise2.py:41\nThen run:   grade exercise2\n" in shown
    assert "✘" not in shown
    assert "wrong yet" in shown


def test_full_marks_end_warmly_with_the_next_exercise():
    lines = text(RIGHT).removesuffix(FOOTER).split("\n")
    assert sum(line.startswith("✔") for line in lines) == 7
    assert lines[-3:] == [
        "Full marks, well done! Everything does what it should.",
        "See it learn: python kit/exercises/exercise2.py",
        "Next:         exercise3 — The PyTorch way, in exercises/exercise3.py",
    ]


@pytest.mark.parametrize(("isolation", "said"), [("sandbox", "in a sandbox"), ("process", "without a sandbox")])
@pytest.mark.parametrize("shown", [RIGHT, STUB, UNLOADABLE])
def test_it_always_says_how_the_code_was_kept_apart(shown, isolation, said):
    shown = replace(shown, grader=replace(shown.grader, isolation=isolation))
    assert text(shown).split("\n")[-2].endswith(f"{said}.")


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - {"stub"}))  # which is greeted instead
def test_an_explanation_says_what_the_report_says_of_the_function(name):
    shown = EXAMPLES[name]
    for result in shown.functions:
        words = set(explanation(shown, result).split())
        assert words <= set(render(shown, width=2000, color=False, in_full=True).split()) | {"…"}
        assert words or result.outcome == "passed"


def test_an_explanation_has_neither_name_nor_points_nor_indentation():
    forward, loss, _, chain, update, step, collapse = WRONG.functions
    assert explanation(WRONG, forward) == ""
    assert explanation(WRONG, loss) == "note: the answer is a float; a tensor is usual"
    assert explanation(WRONG, chain).startswith("✔ returns both gradients\n✘ carries the error back")
    assert "\n  it raises KeyError: 'lr'\n  case      parameters" in explanation(WRONG, update)
    assert explanation(WRONG, step) == "waits until what it needs is right"
    assert explanation(WRONG, collapse) == "not written yet"
    assert "SyntaxError" in explanation(UNLOADABLE, forward)


def test_what_is_not_written_yet_is_a_quiet_line():
    assert block(PARTLY, "update") == ["· update — not written yet" + " " * 48 + "0 / 2"]
    assert "Next:     manual_gradients, kit/exercises/exercise2.py:61\n" in text(PARTLY)
    assert "Welcome" not in text(PARTLY)


def test_a_file_that_does_not_load_shows_the_place_and_what_to_do():
    shown = text(UNLOADABLE)
    assert "cannot be loaded" in shown
    assert "    SyntaxError: '(' was never closed\n    line 3\n      def forward(parameters, x:\n" in shown
    assert "\n                 ^\n" in shown
    assert "What to do: put that right and save the file\nThen run:   grade exercise2\n" in shown
    assert "✘ forward" not in shown


def test_a_breach_of_the_rule_speaks_instead_of_the_check():
    assert block(VIOLATION, "manual_gradients")[1:] == ["✘ line 63: this exercise is by hand, and `backward` is not"]
    assert "\n✘ line 99: another one\n" in text(VIOLATION)
    assert "never shown" not in text(VIOLATION)


def test_a_notebook_has_no_lines_and_says_which_cell_stopped():
    shown = text(NOTEBOOK)
    assert "note: cell 4 stopped: NameError: name 'scratch' is not defined\n    cell 4, line 2: scratch\n" in shown
    assert "Next:     chain_rule_gradients, in my work/exercise2.ipynb\n" in shown


def test_only_the_end_of_what_was_printed_is_shown():
    printed = "".join(f"epoch {number}\n" for number in range(1, 101))
    shown = text(replace(WRONG, printed=printed))
    assert "your code printed (the last 8 lines):\n  │ epoch 93\n" in shown
    assert "  │ epoch 100\n\n" in shown
    assert "epoch 92" not in shown


def test_markup_and_emoji_codes_are_shown_as_written():
    shown = said(text(HOSTILE))
    assert "it raises [red]{x}[/]" in shown
    assert ":smile:" in shown
