"""Single keys from the terminal, which is left as it was found; where there is no terminal, no key is ever pressed."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Any, Self

ESCAPE = re.compile(r"\x1b(?:[\[O][0-?]*[ -/]*[@-~]?)?")  # what an arrow or a function key sends
NAP = 0.01  # seconds between two looks where the system cannot wait for a key


class Keys:
    """No keys: there is nobody to press one. A context, in which keys come as they are pressed."""

    is_there = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """There is nothing to put back."""

    def pressed(self, seconds: float) -> str:
        """Wait for a key, but no longer than this; the key, '' if there was none."""
        time.sleep(seconds)
        return ""


def terminal_keys() -> Keys:
    """Return the keys of the terminal that the command is run in."""
    if any(stream is None or not stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return Keys()
    if sys.platform == "win32":
        return WindowsKeys()
    if sys.modules.get("termios") is None:
        return Keys()
    return PosixKeys(sys.stdin.fileno())


if sys.platform == "win32":
    import msvcrt

    class WindowsKeys(Keys):
        """Keys of a Windows console."""

        is_there = True

        def pressed(self, seconds: float) -> str:
            """Wait for a key, but no longer than this; the key, '' if there was none."""
            end = time.monotonic() + seconds
            while not msvcrt.kbhit():
                if time.monotonic() >= end:
                    return ""
                time.sleep(NAP)
            key = msvcrt.getwch()
            if key in "\x00\xe0":  # an arrow or a function key, of which another half comes
                msvcrt.getwch()
                return ""
            if key == "\x03":
                raise KeyboardInterrupt
            return key.lower()

else:
    import select

    with suppress(ImportError):  # not every system has it
        import termios

    class PosixKeys(Keys):
        """Keys of a terminal, without Enter and without echo; signals such as Ctrl-C stay what they are."""

        def __init__(self, terminal: int) -> None:
            self._terminal = terminal
            self._found: list[Any] | None = None  # the terminal's settings as they were
            self._kept: dict[int, Any] = {}  # handlers of signals as they were
            self._waiting = ""  # keys that came together

        @property
        def is_there(self) -> bool:  # type: ignore[override]
            """Whether keys are read at present."""
            return self._found is not None

        def __enter__(self) -> Self:
            self._begin()
            for number, handler in ((signal.SIGTSTP, self._pause), (signal.SIGCONT, self._go_on)):
                self._kept[number] = signal.signal(number, handler)
            return self

        def __exit__(self, *_error: object) -> None:
            for number, handler in self._kept.items():
                signal.signal(number, handler)
            self._end()

        def pressed(self, seconds: float) -> str:
            """Wait for a key, but no longer than this; the key, '' if there was none."""
            if not self._waiting:
                if self._found is None or not self._is_ours():
                    return super().pressed(seconds)
                self._read(seconds)
            key, self._waiting = self._waiting[:1], self._waiting[1:]
            return key.lower()

        def _read(self, seconds: float) -> None:
            if not select.select([self._terminal], [], [], seconds)[0]:
                return
            try:
                data = os.read(self._terminal, 256)
            except OSError:
                data = b""
            if data:
                self._waiting = ESCAPE.sub("", data.decode(errors="ignore"))
            else:  # the terminal has gone
                self._found = None

        def _is_ours(self) -> bool:
            """Whether we run in the foreground; in the background, touching the terminal would stop us."""
            try:
                return os.tcgetpgrp(self._terminal) == os.getpgrp()
            except OSError:
                return False

        def _begin(self) -> None:
            if not self._is_ours():
                return
            try:
                found = termios.tcgetattr(self._terminal)
                mode = termios.tcgetattr(self._terminal)
                mode[3] &= ~(termios.ICANON | termios.ECHO)
                termios.tcsetattr(self._terminal, termios.TCSANOW, mode)
            except termios.error:  # it only looks like a terminal
                return
            self._found = self._found or found

        def _end(self) -> None:
            if self._found is None or not self._is_ours():
                return
            try:
                termios.tcsetattr(self._terminal, termios.TCSANOW, self._found)
            except termios.error:
                return
            self._found = None

        def _pause(self, number: int, _frame: FrameType | None) -> None:
            """Ctrl-Z: the shell gets its terminal back as it was."""
            self._end()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            signal.signal(number, self._pause)
            self._begin()

        def _go_on(self, _number: int, _frame: FrameType | None) -> None:
            self._begin()
