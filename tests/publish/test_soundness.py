"""An exercise that does not fit together is not tried: a line says what its author is to write."""

from pathlib import Path

import pytest
from small_kit import CHECKS_FILE, SOURCE, rewrite

from autograder.errors import AuthorError, UserError
from autograder.publish.soundness import written_for

NO_ORACLE = """@oracle()
def half(_functions: Any, x: Tensor) -> ExpectedValue:
    \"\"\"x/2.\"\"\"
    return terms(x / 2)


"""
OF_AUTHORS = {
    "no oracle": (CHECKS_FILE, NO_ORACLE, "", "is of half, which has no oracle; write one: @oracle() def half("),
    "a misspelt oracle": (CHECKS_FILE, "def half(_f", "def hafl(_f", "which has no oracle; call the oracle hafl so"),
    "an oracle that returns a tensor": (
        CHECKS_FILE, "return terms(x / 2)", "return x / 2", "the oracle of half returns a Tensor; let it return"),
    "an oracle of another form": (
        CHECKS_FILE, "return terms(x / 2)", 'return {"a": terms(x / 2)}', "the oracle of half has another form than"),
    "an oracle with other parameters": (
        CHECKS_FILE, NO_ORACLE.strip(), NO_ORACLE.strip().replace("x: Tensor", "_x: Tensor").replace("s(x", "s(_x"),
        "the oracle of half takes _x after the other oracles' values, and the reference x"),
    "judge without an argument": (
        CHECKS_FILE, "    judge(draw.vector(3))", "    judge()",
        "check_double_one calls judge with no arguments, and double takes 1: judge(x)"),
    "two checks of one name": (
        CHECKS_FILE, "def check_double_one(", "def check_double(", "there is a check_double in line 22, too"),
    "points of -1": (CHECKS_FILE, '"double", points=2', '"double", points=-1', "check_double has points=-1; write a"),
    "an unknown visibility": (
        CHECKS_FILE, 'visibility="hidden"', 'visibility="secret"', "has visibility='secret'; write visibility"),
    "a check of no function": (
        CHECKS_FILE, '@check("half"', '@check("haft"', "check_half is of haft, which has no oracle"),
    "no title": (CHECKS_FILE, '"""Halves and doubles."""', "", "exercise1.py:1: no docstring; begin it with the"),
    "a check that cannot draw": (
        CHECKS_FILE, "judge(draw.vector(3))", "judge(draw.vectr(3))", "check_double_one cannot draw its cases (Attrib"),
    "a reference without the function": (SOURCE, "def half", "def third", "there is no function half, which"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "fault"), OF_AUTHORS.values(), ids=OF_AUTHORS)
def test_what_an_author_wrote_amiss_is_said_once_and_is_no_use(
    kit: Path, path: str, old: str, new: str, fault: str
) -> None:
    rewrite(kit, path, old, new)
    with pytest.raises((AuthorError, UserError)) as refused:
        written_for(kit, "exercise1")
    assert fault in str(refused.value)
    assert "\n" not in str(refused.value)
