"""The grader's end of a worker's pipe: frames with a deadline, and the drain for what the student's code prints."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

from autograder.host import disk_quota
from autograder.host.deadline import Late, starved
from autograder.model import Limits
from autograder.worker import wire

LOOKING_SECONDS, GLANCING_SECONDS = 0.5, 0.05  # between looks at what a worker holds; at how much of the disk is free
AT_ONCE = 64 << 10  # bytes read in one go: an answer rarely has more


class Gone(Exception):
    """The other end is closed."""


class Overfull(Exception):
    """The worker fills the disk."""


class TooLarge(wire.ProtocolError):
    """A frame announces more than its limit."""


class Pipe:
    """A socket for frames and one for output, neither of which may block the grader; a worker's only use of both.

    While a frame is waited for, what the worker holds of the disk (in `scratch`, its folder, as `process`) is looked at
    now and then, and what is printed is drained.

    Its deadlines are of the worker's own clock, `now`, which stands still while others have the processors; `starved`
    is for how many seconds so far. `was_full`: the disk was, at some moment, so that what failed may have for that.
    """

    def __init__(
        self, frames: socket.socket, output: socket.socket, limits: Limits, scratch: Path, process: int | None = None
    ) -> None:
        self._frames, self._output = frames, output
        self._limits, self.scratch, self._process = limits, scratch, process
        self._looked = self._glanced = time.monotonic()
        self._free = disk_quota.free(scratch)
        self.starved, self._starved_before = 0.0, starved(process)
        self.was_full = False
        self._printed = bytearray()
        self._closed = False
        self._arrived = bytearray()
        frames.setblocking(False)
        output.setblocking(False)
        # One for the pipe's life: each wait for an answer would otherwise open, fill and close its own.
        self._selector = DefaultSelector()
        self._selector.register(frames, EVENT_READ)
        self._selector.register(output, EVENT_READ)

    def now(self) -> float:
        """Return the time: of the monotonic clock, less what others have taken."""
        return time.monotonic() - self.starved

    def printed(self) -> str:
        """Return, and forget, what was printed since last asked."""
        self._drain()
        text = self._printed.decode(errors="replace").replace(f"{self.scratch}{os.sep}", "")  # a folder of ours
        self._printed.clear()
        return text

    def close(self) -> None:
        """Read what was printed last, and close both sockets."""
        if not self._closed:
            self._drain()
            self._closed = True
            self._selector.close()
            self._frames.close()
            self._output.close()

    def pending(self) -> bool:
        """Whether a byte has arrived that nobody asked for."""
        if self._arrived:
            return True
        try:
            return bool(self._frames.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False
        except OSError:
            raise Gone from None

    def send(self, frames: bytes, deadline: float) -> None:
        """Send packed frames before the deadline (of `now`); Late, Gone or Overfull."""
        view = memoryview(frames)
        while view:
            try:
                view = view[self._frames.send(view) :]
            except BlockingIOError:
                self._wait(EVENT_WRITE, deadline)
            except OSError:
                raise Gone from None

    def receive(self, deadline: float) -> dict[str, wire.Value]:
        """Wait for one frame until the deadline; Late, Gone, Overfull, TooLarge or ProtocolError."""
        tree, payload = wire.LENGTHS.unpack(self._read(wire.LENGTHS.size, deadline))
        if tree > wire.MAX_TREE_BYTES or payload > self._limits.answer:
            raise TooLarge("an answer above its limit")
        value = wire.unpack(self._read(tree, deadline), self._read(payload, deadline))
        if not isinstance(value, dict):
            raise wire.ProtocolError("not a message")
        return value

    def _read(self, size: int, deadline: float) -> bytes:
        while len(self._arrived) < size:
            try:
                part = self._frames.recv(max(AT_ONCE, min(size - len(self._arrived), 1 << 20)))
            except BlockingIOError:
                self._wait(EVENT_READ, deadline)
                continue
            except OSError:
                raise Gone from None
            if not part:
                raise Gone
            self._arrived += part
        with memoryview(self._arrived) as arrived:
            data = bytes(arrived[:size])
        del self._arrived[:size]
        return data

    def _wait(self, event: int, deadline: float) -> None:
        """Wait until a frame can go on, reading what is printed meanwhile: a full pipe would block a student's code."""
        clock = time.monotonic()
        if clock - self._glanced > GLANCING_SECONDS or self.now() >= deadline:
            self._look(clock)
        now = self.now()
        if now >= deadline:
            raise Late
        if event != EVENT_READ:
            self._selector.modify(self._frames, event)
        ready = {key.fileobj for key, _ in self._selector.select(min(deadline - now, GLANCING_SECONDS))}
        if event != EVENT_READ:
            self._selector.modify(self._frames, EVENT_READ)
        if self._output in ready and not self._drain():
            time.sleep(0.001)  # the student closed it: select returns at once from now on

    def _look(self, now: float) -> None:
        """Look at what the worker holds of the disk, which takes a while: now and then, and at once if much is gone."""
        self._glanced, free = now, disk_quota.free(self.scratch)
        self.starved = max(self.starved, starved(self._process) - self._starved_before)
        self.was_full = self.was_full or free < disk_quota.LEAST_FREE
        if now - self._looked > LOOKING_SECONDS or free < self._free - disk_quota.LEAST_FREE:
            self._looked, self._free = now, free
            if disk_quota.is_overfull(self.scratch, self._process, self._limits.file_size):
                raise Overfull

    def _drain(self) -> bool:
        """Read what has been printed, keep what fits, drop the rest; False at end of file."""
        if self._closed:
            return False
        for _ in range(64):  # at most 4 MB at a time, so that a flood cannot keep us from the deadline
            try:
                part = self._output.recv(65536)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not part:
                return False
            self._printed += part[: max(0, self._limits.output - len(self._printed))]
        return True
