"""What a confined worker refuses comes with a sentence; what would have failed anywhere keeps its own."""

import errno
import socket
import ssl
import urllib.error

import pytest
from workers import raised

from autograder.worker.denials import NETWORK, PROCESSES, explained


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeError("can't start new thread"), PROCESSES),
        (RuntimeError("Resource temporarily unavailable"), PROCESSES),
        (PermissionError(errno.EPERM, "Operation not permitted"), PROCESSES),
        (socket.gaierror(-3, "try again"), NETWORK),
        (urllib.error.URLError("no"), NETWORK),
        (ssl.SSLError("no"), NETWORK),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), NETWORK),
        (
            PermissionError(errno.EACCES, "denied", "/etc/passwd"),
            "'/etc/passwd' is out of reach while grading; read the data sets, write to the current folder",
        ),
        (
            FileNotFoundError(errno.ENOENT, "missing", "mine.csv"),
            "there is no 'mine.csv' while grading; only the data sets, in ../datasets, come along with your file",
        ),
        (RuntimeError("the student's own"), None),
        (ValueError("x"), None),
        (OSError("the student's own"), None),
        (PermissionError("the student's own"), None),
        (IsADirectoryError(errno.EISDIR, "a folder", "datasets"), None),
    ],
    ids=repr,
)
def test_each_refusal_has_its_sentence(error, sentence):
    assert explained(error) == sentence


def test_a_socket_that_is_refused_is_about_the_network(sandbox):
    assert raised(sandbox, "import socket\ndef f(): socket.socket()").text == NETWORK


def test_a_long_name_is_cut():
    assert len(explained(PermissionError(errno.EACCES, "denied", "x" * 5000)) or "") < 400
