"""`grade --watch` in a terminal, as a student uses it."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import KIT
from terminal import Terminal

pytestmark = pytest.mark.system

GRADE = [str(Path(sys.executable).with_name("grade")), "exercise2", "--watch"]
KEYS = "n next exercise   h hint   a all   q quit"
RIGHT = (KIT / "solutions" / "exercise2.py").read_text(encoding="utf-8")
WITHOUT_A2 = RIGHT.replace(' * parameters["a2"]  # ∂L', "  # ∂L")


@pytest.fixture
def kit(tmp_path) -> Path:
    root = tmp_path / "kit"
    for folder in ("exercises", "datasets"):
        shutil.copytree(KIT / folder, root / folder)
    return root


@pytest.fixture
def file(kit) -> Path:
    path = kit / "exercises" / "exercise2.py"
    path.write_text(WITHOUT_A2)
    return path


@pytest.fixture
def terminal(kit, file, tmp_path) -> Iterator[Terminal]:
    with Terminal(GRADE, kit, XDG_STATE_HOME=str(tmp_path / "state")) as terminal:
        yield terminal


def test_an_hour_of_a_student(terminal, file):
    terminal.until("grading…")
    terminal.until("20 / 30")
    assert "chain_rule_gradients" in terminal.until(KEYS)
    terminal.press("h")
    assert "hint 1 of 4" in terminal.until("The next hint: press h")  # the report has asked its own question
    terminal.press("\x1b[A")  # an arrow is no key
    terminal.press("hh")
    assert "hint 2 of 4" in terminal.until("The next hint: press h")
    assert "hint 3 of 4" in terminal.until("The next hint: press h")
    terminal.press("a")
    terminal.until("chain_rule_gradients")
    terminal.until(KEYS)

    file.write_text(RIGHT.replace("** 2) / 2", "** 2)"))
    terminal.until("grading…")
    terminal.until("28 / 30")
    terminal.until("loss 2 → 0   chain_rule_gradients 0 → 10")
    file.unlink()
    terminal.until("is gone; once it is back, it is graded")
    file.write_text(RIGHT)
    terminal.until("30 / 30")
    terminal.until("press n to go on with exercise3")
    terminal.press("n")
    terminal.until("exercise3 — The PyTorch way")
    terminal.until(KEYS)
    terminal.press("q")
    assert terminal.ended() == 1
    assert terminal.settings == terminal.found


def test_ctrl_c_leaves_the_terminal_as_it_was(terminal):
    terminal.until(KEYS)
    assert terminal.settings != terminal.found
    terminal.press("\x03")
    assert terminal.ended() == 1
    assert terminal.settings == terminal.found


def test_a_hang_is_told(terminal, file):
    terminal.until(KEYS)
    file.write_text(WITHOUT_A2.replace("    upstream =", "    while True: pass\n    upstream ="))
    terminal.until("still grading; a loop that never ends is stopped")
    terminal.until("chain_rule_gradients")
    terminal.until(KEYS)
