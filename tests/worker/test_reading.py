"""A text is read in a worker before it is run: what it defines comes back bounded, and nobody waits for the rest."""

import time

import pytest
from places import DATASETS, KIT
from students import graded, scores, script, solved

from autograder.host.answers import ReadText, WorkerLost
from autograder.model import Limits
from autograder.submissions.fingerprint import hashes_of

CODE = "def f(a, b=1): raise NotImplementedError\n\n\nclass C: pass\n"


@pytest.fixture
def read(fork_server):
    def read_text(code: str, *, with_fingerprint: bool = False) -> object:
        worker = fork_server.worker(DATASETS, Limits())
        try:
            return worker.read(script(code), with_fingerprint=with_fingerprint)
        finally:
            worker.close()

    return read_text


def test_names_lines_parameters_and_what_is_unwritten(read):
    found = read(CODE)
    assert isinstance(found, ReadText)
    assert {name: (each.line, each.parameters, each.unwritten) for name, each in found.defined.items()} == {
        "f": (1, "(a, b=1)", True),
        "C": (4, "", False),
    }
    assert found.fingerprint == ()


def test_the_fingerprint_is_that_of_the_text(read):
    code = (KIT / "solutions" / "exercise1.py").read_text(encoding="utf-8")
    assert read(code, with_fingerprint=True).fingerprint == tuple(sorted(hashes_of([code])))


@pytest.mark.parametrize("code", ["a;" * 1_000_000, "(" * 100_000, "def f(:", "\0", "x" + ".a" * 500_000, ""])
def test_what_cannot_be_parsed_defines_nothing(read, code):
    found = read(code)
    assert isinstance(found, WorkerLost) or not found.defined.keys()


def test_a_text_that_takes_long_keeps_nobody_waiting(fork_server):
    began = time.monotonic()
    lines = "".join(f"x{number} = {{}}\n" for number in range(1000))
    report = graded(fork_server, "exercise1", solved("exercise1", lines, 'y = f"' + "{x1}" * 20_000 + '"'))
    assert (scores(report), report.problem) == ({}, None)
    assert time.monotonic() - began < 60


def test_nothing_of_a_long_file_is_cut(fork_server):
    """A file mostly of comments lost every function behind its first hundred thousand characters."""
    text = "# why, at length and once more\n" * 60_000
    assert len(text) > 1_800_000
    report = graded(fork_server, "exercise1", script(text + solved("exercise1").cells[0].code))
    assert report.score == report.max_score
    many = "".join(f"def g{number}(): pass\n" for number in range(3000))
    assert scores(graded(fork_server, "exercise1", script(many + solved("exercise1").cells[0].code))) == {}
