"""Watch mode: graded at each save, with keys for what comes next; saves, keys and the grader are fakes here."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from example_reports import ALL_FAILED, ERRORED, RIGHT, STUB, UNLOADABLE, WRONG

from autograder.cli import grade, watching
from autograder.cli.keys import Keys

NOTHING: Callable[[], object] = lambda: None  # noqa: E731 - a save that changes nothing


class FakeSaves:
    """Saves that happen at once: what is to be done at each, and Ctrl-C after the last."""

    is_gone = False

    def __init__(self, *saves: Callable[[], object], written_on: int = 0) -> None:
        self._saves = list(saves)
        self._looks: list[bool] = []  # what the looks after the next gradings find
        self._written_on = written_on

    def __call__(self, path: Path) -> "FakeSaves":
        return self

    def is_saved(self) -> bool:
        if self._looks:
            return self._looks.pop(0)
        if not self._saves:
            raise KeyboardInterrupt
        self._saves.pop(0)()
        self._looks = [True] * self._written_on + [False]
        return True


class FakeKeys(Keys):
    """Keys that are pressed at once, one after the other; then Ctrl-C."""

    is_there = True

    def __init__(self, keys: str) -> None:
        self._keys = list(keys)

    def pressed(self, seconds: float) -> str:
        if not self._keys:
            raise KeyboardInterrupt
        return self._keys.pop(0)


@pytest.fixture
def watch(monkeypatch):
    def watch(*saves: Callable[[], object], options: tuple[str, ...] = (), written_on: int = 0) -> int:
        fake = FakeSaves(*saves, written_on=written_on)
        monkeypatch.setattr(grade, "Saves", fake)
        monkeypatch.setattr(watching, "LOOK", 0)
        return grade.run(["exercise2", "--watch", *options])

    return watch


@pytest.fixture
def press(monkeypatch, watch):
    """Press keys in a terminal."""

    def press(keys: str) -> int:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setattr(watching, "terminal_keys", lambda: FakeKeys(keys))
        monkeypatch.setattr(FakeSaves, "is_saved", lambda _self: False)
        return watch()

    return press


class TestSaves:
    @pytest.mark.parametrize(("last", "code"), [(RIGHT, 0), (WRONG, 1), (ERRORED, 3)])
    def test_the_exit_code_is_that_of_the_last_report(self, kit, grader, capsys, watch, last, code):
        grader.report = STUB
        assert watch(lambda: setattr(grader, "report", last)) == code
        captured = capsys.readouterr()
        assert captured.out.count("exercise2 — Two layers, one factor") == 2
        assert captured.err.count("grade: grading exercises/exercise2.py…\n") == 2
        assert captured.err.count("waiting for the next save of exercises/exercise2.py; Ctrl-C ends\n") == 2

    def test_one_worker_process_and_one_grader_serve_all_gradings(self, kit, grader, watch):
        watch(NOTHING, NOTHING)
        assert grader.events == ["started", "graded", "graded", "graded", "closed"]
        assert len(grader.calls) == 1

    def test_the_file_is_read_anew(self, kit, grader, capsys, watch):
        watch(lambda: Path("exercises/exercise2.py").write_text("a = 2\n"))
        grade.run([])
        assert "edited since" not in capsys.readouterr().out

    def test_a_verdict_on_half_a_file_is_not_shown(self, kit, grader, capsys, watch):
        watch(NOTHING, written_on=1)
        assert grader.events.count("graded") == 3
        assert capsys.readouterr().out.count("exercise2 — Two layers") == 2

    def test_a_file_that_is_written_all_the_time_is_graded_all_the_same(self, kit, grader, capsys, watch):
        watch(NOTHING, written_on=100)
        assert capsys.readouterr().out.count("exercise2 — Two layers") > 20

    def test_a_file_that_cannot_be_read_is_waited_for(self, kit, grader, capsys, watch):
        stub = Path("exercises/exercise2.py")
        assert watch(stub.unlink, lambda: stub.write_text("a = 2\n")) == 0
        assert grader.events.count("graded") == 2
        assert "grade: there is no file exercises/exercise2.py" in capsys.readouterr().err

    def test_a_file_that_is_gone_is_told_once(self, kit, grader, capsys, monkeypatch, watch):
        looks = iter([False, False, False])
        monkeypatch.setattr(FakeSaves, "is_saved", lambda _self: next(looks, None) or _interrupt_at_the_end(looks))
        monkeypatch.setattr(FakeSaves, "is_gone", True)
        watch()
        assert capsys.readouterr().err.count("exercises/exercise2.py is gone; once it is back, it is graded") == 1

    def test_a_file_that_is_not_there_at_first_ends_it(self, kit, grader, fails):
        assert "nothing.py" in fails(2, "exercise2", "nothing.py", "--watch")

    def test_ctrl_c_while_grading_counts_the_report_before(self, kit, grader, watch):
        assert watch(lambda: setattr(grader, "report", KeyboardInterrupt())) == 0
        assert grader.events[-1] == "closed"

    def test_ctrl_c_in_the_first_grading_has_no_report(self, kit, grader, watch):
        grader.report = KeyboardInterrupt()
        assert watch() == 130

    def test_each_report_goes_to_the_file(self, kit, grader, watch):
        options = ("--format", "json", "--output", "report.json")
        assert watch(lambda: setattr(grader, "report", WRONG), options=options) == 1
        assert json.loads(Path("report.json").read_text())["score"] == 11

    def test_what_takes_long_is_explained(self, kit, grader, capsys, monkeypatch, watch):
        class Slow:
            def __init__(self, *_given: object) -> None: ...

            def grade(self, submission: object) -> object:
                time.sleep(0.3)
                return grader.report

        monkeypatch.setitem(sys.modules, "autograder.grading.grader", SimpleNamespace(Grader=Slow))
        monkeypatch.setattr(watching, "SLOW", 0.1)
        watch(NOTHING)
        said = capsys.readouterr().err
        assert said.index(watching.LOADING) < said.index("still grading; a loop that never ends")


def _interrupt_at_the_end(looks: object) -> bool:
    if not list(looks):  # type: ignore[call-overload]
        raise KeyboardInterrupt
    return False


class TestKeys:
    @pytest.mark.parametrize(("term", "cleared"), [("xterm", True), ("dumb", False)])
    def test_a_terminal_is_cleared_for_each_report(self, kit, grader, capsys, monkeypatch, watch, term, cleared):
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        monkeypatch.setenv("TERM", term)
        monkeypatch.delenv("NO_COLOR", raising=False)
        watch(NOTHING)
        shown = capsys.readouterr().out
        assert shown.count(watching.CLEAR) == 2 * cleared
        assert shown.count("grading…\n") == 2

    def test_they_are_offered(self, kit, grader, capsys, press):
        grader.report = WRONG
        press("q")
        assert capsys.readouterr().out.endswith("n next exercise   h hint   a all   q quit\n")

    @pytest.mark.parametrize("key", ["q", "\x04"])
    def test_quit(self, kit, grader, press, key):
        grader.report = WRONG
        assert press(key) == 1
        assert grader.events == ["started", "graded", "closed"]

    @pytest.mark.parametrize(
        ("report", "said"),
        [
            (WRONG, "chain_rule_gradients — there are no hints"),
            (RIGHT, "all is right; there is nothing to give a hint for"),
            (UNLOADABLE, "first the file must load"),
        ],
    )
    def test_hint(self, kit, grader, capsys, press, report, said):
        grader.report = report
        press("h")
        assert said in capsys.readouterr().out

    def test_all(self, kit, grader, capsys, press):
        grader.report = WRONG
        press("a")
        assert capsys.readouterr().out.count("exercise2 — Two layers, one factor") == 2
        assert grader.events.count("graded") == 1

    def test_next_is_offered_where_all_is_right(self, kit, grader, capsys, press, monkeypatch):
        assert press("n") == 0
        shown = capsys.readouterr().out
        assert "press n to go on with exercise1" in shown
        assert "exercises/exercise1.py" in shown
        assert grader.events.count("graded") == 2

    def test_next_of_the_last_exercise(self, kit, grader, capsys, press):
        grader.report = WRONG
        press("n")
        assert "exercise2 is the last exercise" in capsys.readouterr().out

    def test_next_without_a_file(self, kit, grader, capsys, press):
        Path("exercises/exercise1.py").unlink()
        press("n")
        assert "grade: there is no file exercises/exercise1.py" in capsys.readouterr().err


class TestChanges:
    def test_what_has_changed(self):
        assert watching.changes(ALL_FAILED, WRONG) == "forward 0 → 3   loss 0 → 2   manual_gradients 0 → 6"
        assert watching.changes(WRONG, WRONG) == ""

    @pytest.mark.parametrize(("before", "after"), [(None, WRONG), (UNLOADABLE, WRONG), (WRONG, UNLOADABLE)])
    def test_what_cannot_be_compared(self, before, after):
        assert watching.changes(before, after) == ""
