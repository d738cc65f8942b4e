"""The grader's end of the pipe: frames in time or a reason, and output drained and bounded."""

import contextlib
import os
import socket
import struct
import time
from collections.abc import Iterator

import pytest

import autograder.host.pipe
from autograder.host import disk_quota
from autograder.host.deadline import Late
from autograder.host.pipe import Gone, Overfull, Pipe
from autograder.model import Limits
from autograder.worker import wire


def soon() -> float:
    """A deadline that only what never comes misses."""
    return time.monotonic() + 5


class TestPipe:
    @pytest.fixture
    def ends(self, tmp_path) -> Iterator[tuple[Pipe, socket.socket, int]]:
        """A pipe, and the worker's two ends of it."""
        ours, theirs = socket.socketpair()
        printed, printing = socket.socketpair()
        writing = printing.detach()
        pipe = Pipe(ours, printed, Limits(answer=1000, output=10), tmp_path, os.getpid())
        yield pipe, theirs, writing
        pipe.close()
        theirs.close()
        with contextlib.suppress(OSError):
            os.close(writing)

    def test_a_frame_crosses_both_ways(self, ends):
        pipe, theirs, _ = ends
        pipe.send(wire.pack({"x": 1}), soon())
        theirs.sendall(theirs.recv(1000))
        assert pipe.receive(soon()) == {"x": 1}

    def test_half_a_frame_and_silence_is_late(self, ends):
        pipe, theirs, _ = ends
        theirs.sendall(wire.pack({"x": 1})[:-1])
        with pytest.raises(Late):
            pipe.receive(time.monotonic() + 0.01)

    def test_half_a_frame_and_the_end_is_gone(self, ends):
        pipe, theirs, _ = ends
        theirs.sendall(wire.pack({"x": 1})[:-1])
        theirs.close()
        with pytest.raises(Gone):
            pipe.receive(soon())

    @pytest.mark.parametrize(
        "sent",
        [
            struct.pack(">II", wire.MAX_TREE_BYTES + 1, 0),
            struct.pack(">II", 2, 1001),
            struct.pack(">II", 0xFFFFFFFF, 0xFFFFFFFF),
            wire.pack([1]),
        ],
        ids=["a giant tree", "an answer above its limit", "all that can be", "no message"],
    )
    def test_what_is_announced_too_large_or_is_no_message_is_refused(self, ends, sent):
        pipe, theirs, _ = ends
        theirs.sendall(sent)
        with pytest.raises(wire.ProtocolError):
            pipe.receive(soon())

    def test_a_worker_that_fills_the_disk_is_noticed_while_it_is_waited_for(self, ends, tmp_path, monkeypatch):
        monkeypatch.setattr(
            disk_quota, "is_overfull", lambda folder, process, _largest: (folder, process) == (tmp_path, os.getpid())
        )
        with pytest.raises(Overfull):
            ends[0].receive(soon())

    def test_that_is_noticed_sooner_where_much_space_has_gone(self, ends, monkeypatch):
        monkeypatch.setattr(autograder.host.pipe, "LOOKING_SECONDS", 100)
        monkeypatch.setattr(disk_quota, "is_overfull", lambda *_: True)
        with pytest.raises(Late):
            ends[0].receive(time.monotonic() + 0.2)
        monkeypatch.setattr(disk_quota, "free", lambda _folder: 0)
        with pytest.raises(Overfull):
            ends[0].receive(soon())

    def test_what_others_took_of_the_processor_is_not_the_workers_time(self, ends, monkeypatch):
        began = time.monotonic()
        ends[0]._starved_before = 0.0
        monkeypatch.setattr(autograder.host.pipe, "starved", lambda _process: min(0.4, time.monotonic() - began))
        with pytest.raises(Late):
            ends[0].receive(ends[0].now() + 0.1)
        assert 0.45 < time.monotonic() - began < 5

    def test_sending_to_one_who_does_not_read_is_late(self, ends):
        pipe, _, _ = ends
        with pytest.raises(Late):
            pipe.send(b"y" * (4 << 20), time.monotonic() + 0.05)

    def test_output_is_kept_up_to_its_bound_and_given_once(self, ends):
        pipe, _, writing = ends
        os.write(writing, "123456789ŷ".encode())
        assert pipe.printed() == "123456789\ufffd"
        assert pipe.printed() == ""

    def test_an_output_that_is_closed_ends_no_waiting(self, ends):
        pipe, theirs, writing = ends
        os.close(writing)
        with pytest.raises(Late):
            pipe.receive(time.monotonic() + 0.01)
        theirs.sendall(wire.pack({}))
        assert pipe.receive(soon()) == {}

    def test_what_nobody_asked_for_is_noticed(self, ends):
        pipe, theirs, _ = ends
        assert not pipe.pending()
        theirs.sendall(b"x")
        assert pipe.pending()
