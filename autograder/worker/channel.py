"""The worker's end of the pipe."""

from __future__ import annotations

import socket

from autograder.worker import wire

AT_ONCE = 64 << 10  # bytes read in one go: a request rarely has more


class Channel:
    """A socket on which `serve` waits for the grader's frames and sends its own."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._arrived = bytearray()

    def send(self, message: dict[str, wire.Value]) -> None:
        """Send one frame."""
        self.send_packed(wire.pack(message))

    def send_packed(self, frame: bytes) -> None:
        """Send one frame that is packed already."""
        self._socket.sendall(frame)

    def receive(self) -> dict[str, wire.Value]:
        """Wait for one frame; SystemExit when the grader has hung up."""
        tree, payload = wire.LENGTHS.unpack(self._read(wire.LENGTHS.size))
        message: dict[str, wire.Value] = wire.unpack(self._read(tree), self._read(payload))
        return message

    def _read(self, size: int) -> bytes:
        while len(self._arrived) < size:
            part = self._socket.recv(max(AT_ONCE, min(size - len(self._arrived), 1 << 20)))
            if not part:
                raise SystemExit
            self._arrived += part
        data = bytes(self._arrived[:size])
        del self._arrived[:size]
        return data
