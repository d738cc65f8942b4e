"""What a checks file says of itself is read without running it; what only running it would tell is refused."""

import re
from pathlib import Path

import pytest
from small_kit import CHECKS

from autograder.authoring.check_source import read_checks
from autograder.errors import GraderError

HEAD = '"""T."""\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "exercise1.py"


def test_a_checks_file_is_read(path: Path) -> None:
    path.write_text(CHECKS, encoding="utf-8")
    source = read_checks(path)
    assert (source.title, source.by_hand) == ("Halves and doubles", True)
    assert source.functions == (("double", 5), ("half", 1))
    last = next(check for check in source.checks if check.visibility == "hidden")
    assert (last.name, last.function, last.points, last.visibility) == ("double_one", "double", 3, "hidden")
    assert last.summary == "doubles one value"
    lines = CHECKS.split("\n")[last.first - 1 : last.last]
    assert (lines[0][:6], lines[-1]) == ("@check", "    judge(draw.vector(1))")


@pytest.mark.parametrize(("line", "by_hand"), [("BY_HAND = False", False), ("BY_HAND = True", True), ("", True)])
def test_an_exercise_is_by_hand_unless_it_says_otherwise(path: Path, line: str, by_hand: bool) -> None:
    path.write_text(f'"""Title\n\nand more."""\n{line}\n', encoding="utf-8")
    assert (read_checks(path).title, read_checks(path).by_hand) == ("Title", by_hand)


def test_what_an_exercise_forbids_besides_is_read(path: Path) -> None:
    path.write_text('"""Title."""\nFORBIDDEN = ("softmax", "softmin")\n', encoding="utf-8")
    assert read_checks(path).forbidden == ("softmax", "softmin")
    for wrong in ('("softmax")', "('',)", "NAMES", "[1]"):
        path.write_text(f'"""Title."""\nFORBIDDEN = {wrong}\n', encoding="utf-8")
        with pytest.raises(GraderError, match=r"1\.py:2: FORBIDDEN is no tuple of names"):
            read_checks(path)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("x = 1\n", 1, "no docstring; begin it"),
        (HEAD + "def f(:\n", 2, "not valid Python"),
        (HEAD + "def check_f(): ...\n", 2, "check_f has not just @check"),
        (HEAD + "@check(F, points=1)\ndef check_f(): ...\n", 3, "check_f has not just @check"),
        (HEAD + '@once\n@check("f", points=1)\ndef check_f(): ...\n', 4, "check_f has not just @check"),
        (HEAD + '@check("f", points=1)\ndef f(): ...\n', 3, "f is a check that nothing would run"),
        (HEAD + '@check("f", points=N)\ndef check_f(): ...\n', 3, "check_f has points=N; write a number"),
        (HEAD + '@check("f", points=-1)\ndef check_f(): ...\n', 3, "check_f has points=-1; write a number"),
        (HEAD + '@check("f")\ndef check_f(): ...\n', 3, "check_f has no points; write points=1"),
        (HEAD + '@check("f", points=1)\ndef check_f(): ...\n', 3, "check_f has no hint; write"),
        (HEAD + '@check("f", point=1)\ndef check_f(): ...\n', 3, "check_f has point=…, and a check has points"),
        (HEAD + 'BY_HAND = "no"\n', 2, "BY_HAND is neither True nor False"),
        (
            HEAD + '@check("f", points=1, visibility=HIDDEN)\ndef check_f(): ...\n',
            3,
            "visibility=HIDDEN; write",
        ),
    ],
)
def test_what_cannot_be_told_is_the_kits_fault_and_named_by_line(path: Path, text: str, line: int, what: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GraderError, match=re.escape(f"{path}:{line}: ") + ".*" + re.escape(what)):
        read_checks(path)


def test_a_file_that_cannot_be_read_is_to_be_restored(path: Path) -> None:
    with pytest.raises(GraderError, match=r"cannot be read .*restore it"):
        read_checks(path)
    path.write_bytes(b"'\xff'")
    with pytest.raises(GraderError, match=r"cannot be read .*restore it"):
        read_checks(path)
