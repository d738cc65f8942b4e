"""A worker in an interpreter of its own: it calls the grader, shows its token, and ends with the connection."""

import socket
import subprocess
import sys

import pytest
from places import KIT

from autograder.worker import wire

CODE = "import sys; from autograder.worker.spawned import main; main(int(sys.argv[1]), '00ff', 'null')"


@pytest.mark.system
def test_it_says_hello_after_its_token_and_ends_when_the_grader_hangs_up():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        command = [sys.executable, "-c", CODE, str(listener.getsockname()[1])]
        with subprocess.Popen(command, cwd=KIT) as worker:
            connection, _ = listener.accept()
            hello = b"\x00\xff" + wire.pack({"id": 0, "by_hand": False})
            with connection, connection.makefile("rb") as stream:
                assert stream.read(len(hello)) == hello
                connection.shutdown(socket.SHUT_RDWR)
            assert worker.wait(timeout=60) == 0
