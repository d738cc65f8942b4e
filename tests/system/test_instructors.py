"""The walk through a term in docs/instructors.md, typed as it stands in an empty folder."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from places import KIT

from autograder.cli.course import main

pytestmark = pytest.mark.system

PAGE = (KIT / "docs" / "instructors.md").read_text(encoding="utf-8")
WALK = PAGE.partition("# A term with nbgrader")[0]
BLOCKS = re.findall(r"^```(sh|text)\n(.*?)^```", WALK, re.MULTILINE | re.DOTALL)
ELSEWHERE = ("course release", "grade exercise2")  # what other tests run


def test_a_term_is_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed: list[str] = []
    for _, block in (one for one in BLOCKS if one[0] == "sh"):
        block = block.replace("~/kit", str(KIT))
        if secret := re.fullmatch(r'export COURSE_SECRET="(.*)"\n', block):
            monkeypatch.setenv("COURSE_SECRET", secret[1])
        elif not block.startswith(("course", "grade")):
            subprocess.run(["bash", "-euc", block], check=True)
        else:
            printed += [typed(line) for line in block.splitlines() if not line.startswith(ELSEWHERE)]
    (shown,) = (block for kind, block in BLOCKS if kind == "text" and "$" not in block)
    assert shown == printed[0]
    assert "nobody" not in printed[-2]
    assert "0 graded, 4 unchanged" in printed[-1]
    scores = {line.split(",")[0]: line.split(",")[3:6] for line in (tmp_path / "grades.csv").read_text().splitlines()}
    assert scores["bob"] == ["0", "13", "13"]  # 16, and a day late
    assert '"Brook, Bob",2,,bob,A,13' in (tmp_path / "to-canvas.csv").read_text()


def typed(line: str) -> str:
    """Run a command of `course`; what it prints, progress left out."""
    done = CliRunner().invoke(main, shlex.split(line)[1:])
    assert done.exit_code == 0, (line, done.output, done.exception)
    return re.sub(r"^exercise\d:\n", "", done.stdout, flags=re.MULTILINE)
