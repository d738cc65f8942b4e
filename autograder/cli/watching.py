"""`grade --watch`: graded again at each save, with keys for what comes next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring import catalog
from autograder.cli import formats, hints, listing, running, streams
from autograder.cli.desk import Choices, Desk, exit_code, tell
from autograder.cli.keys import Keys, terminal_keys
from autograder.cli.saves import Saves
from autograder.errors import UserError

if TYPE_CHECKING:
    from autograder.exercise import Exercise
    from autograder.model import Report, Submission

CLEAR = "\x1b[H\x1b[2J"
DIM, PLAIN = "\x1b[2m", "\x1b[0m"
LOOK = 0.02  # seconds between two looks at the file
PATIENCE = 3  # times that a file which is still being written is read again
SLOW = 2.5  # seconds after which to say why it takes long
LOADING = "PyTorch is being loaded; from the next save on it goes faster"
HANGING = "still grading; a loop that never ends is stopped after a few seconds (Ctrl-C ends at once)"


class Watch:
    """One file, graded at each save until its author has had enough; then perhaps that of the next exercise."""

    def __init__(self, desk: Desk, choices: Choices, saves: Saves, find: Callable[[Exercise], Path]) -> None:
        """`find` says which file of an exercise is the student's."""
        self._desk, self._choices, self._saves, self._find = desk, choices, saves, find
        self._functions = choices.functions
        self._keys = Keys()
        self._report: Report | None = None  # the last one
        self._changed = ""
        self._code: int | None = None
        self._is_over = self._is_missed = False

    def run(self, exercise: Exercise, submission: Submission) -> int:
        """Grade now and at each save, until Ctrl-C; the exit code of the last report."""
        self._exercise, self._path = exercise, submission.path
        try:
            with terminal_keys() as self._keys:
                self._grade(submission)
                while not self._is_over:
                    self._wait()
        except KeyboardInterrupt:
            if self._code is None or running.is_terminated():
                raise
        return self._code if self._code is not None else running.UNUSABLE

    def _wait(self) -> None:
        """Wait for a moment, and do what it brings."""
        key = self._keys.pressed(LOOK)
        actions = {"q": self._quit, "\x04": self._quit, "h": self._hint, "a": self._all, "n": self._next}
        if key in actions:
            actions[key]()
        elif self._saves.is_saved():
            self._is_missed = False
            self._read_and_grade()
        elif self._saves.is_gone and not self._is_missed:
            self._is_missed = True
            tell(f"{self._path} is gone; once it is back, it is graded")

    # Grading

    def _read_and_grade(self) -> None:
        """Grade the file as it is; again where it was still being written, for then that was half of it."""
        from autograder.submissions.submission import read_submission

        for trial in range(PATIENCE):
            try:
                submission = read_submission(self._path, self._choices.student)
                if self._grade(submission, is_provisional=trial + 1 < PATIENCE):
                    return
            except UserError as error:  # the next save may put it right
                tell(str(error))
                return

    def _grade(self, submission: Submission, *, is_provisional: bool = False) -> bool:
        """Grade and show the verdict; not one that is provisional where a save came meanwhile, which is False."""
        self._say_that_it_grades()
        slow = threading.Timer(SLOW, tell, [HANGING if self._report else LOADING])
        slow.daemon = True
        slow.start()
        try:
            report = self._desk.grade(self._exercise, submission, self._functions)
        finally:
            slow.cancel()
        if is_provisional and self._saves.is_saved():
            return False
        self._changed, self._report, self._code = changes(self._report, report), report, exit_code(report)
        self._show()
        self._desk.follow_up(report)
        return True

    def _say_that_it_grades(self) -> None:
        if self._choices.is_to_terminal:
            self._say("grading…\n")
        else:
            tell(f"grading {self._path}…")

    # Showing

    def _say(self, text: str) -> None:
        """Print; where nobody reads it any more, the watch is over."""
        self._is_over = not streams.show(text)

    def _show(self, *, is_full: bool = False) -> None:
        if self._report is None:
            return
        is_clear = self._choices.is_to_terminal and formats.is_obeying()
        self._is_over = not self._desk.deliver(self._report, CLEAR if is_clear else "", is_full=is_full)
        self._status()

    def _status(self) -> None:
        """Say when the last verdict was, what it changed, and what can be done now."""
        if self._is_over:
            return
        waiting = f"waiting for the next save of {self._path}; Ctrl-C ends"
        when = "   ".join(part for part in (time.strftime("%H:%M:%S"), self._changed) if part)
        if not self._choices.is_to_terminal:
            tell(f"{when}   {waiting}")
            return
        offer = self._offer() if self._keys.is_there else waiting
        dim, plain = (DIM, PLAIN) if formats.is_obeying() else ("", "")
        self._say(f"\n{dim}{when}{plain}\n{offer}\n")

    def _offer(self) -> str:
        following = listing.upcoming(self._report) if self._report is not None else None
        if following is not None:
            return f"press n to go on with {following.name}   q quit"
        return "n next exercise   h hint   a all   q quit"

    # Keys

    def _quit(self) -> None:
        self._is_over = True

    def _all(self) -> None:
        self._show(is_full=True)

    def _hint(self) -> None:
        """Show the next hint for the first function that is not right yet."""
        if self._report is None:
            return
        if self._report.problem is not None:
            text = "first the file must load; what hinders it is said above\n"
        elif function := next((each.name for each in self._report.functions if each.outcome != "passed"), ""):
            text = hints.next_hint(self._exercise, self._report.submission, function, "press h")
        else:
            text = "all is right; there is nothing to give a hint for\n"
        self._say(f"\n{text}")

    def _next(self) -> None:
        """Go on with the next exercise, whether this one is done or not."""
        following = self._following()
        if following is None:
            self._say(f"\n{self._exercise.name} is the last exercise\n")
            return
        from autograder.submissions.submission import read_submission

        try:
            path = self._find(following)
            saves = Saves(path)
            submission = read_submission(path, self._choices.student)
        except UserError as error:
            tell(str(error))
            return
        self._exercise, self._path, self._saves, self._functions = following, path, saves, ()
        self._report, self._is_missed = None, False
        self._grade(submission)

    def _following(self) -> Exercise | None:
        if self._report is not None and (open_one := listing.upcoming(self._report)):
            return open_one
        known = catalog.exercises(self._exercise.kit)
        return next((one for one in known if one.name > self._exercise.name), None)


def changes(before: Report | None, after: Report) -> str:
    """Return which functions have other points than before; '' where none can be compared or all have the same."""
    if before is None or before.problem or after.problem or before.exercise.name != after.exercise.name:
        return ""
    points = {result.name: result.score for result in before.functions}
    others = [each for each in after.functions if each.name in points and points[each.name] != each.score]
    return "   ".join(f"{each.name} {points[each.name]} → {each.score}" for each in others)
