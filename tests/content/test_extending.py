"""The exercise that docs/extending.md writes is sound as it stands there, and its checks are sharp."""

import re
from pathlib import Path

import pytest
from places import KIT
from small_kit import small_kit

from autograder.authoring import stubs
from autograder.checking import CaseGenerator
from autograder.host.fork_server import ForkServer
from autograder.publish.rehearsal import Rehearsal
from autograder.publish.sharpness import blunt_checks
from autograder.publish.soundness import soundness, written_for
from autograder.publish.workbench import Workbench

DOC = (KIT / "docs" / "extending.md").read_text(encoding="utf-8")
SOLUTION, CHECKS = re.findall(r"^```python\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)[:2]


def test_the_example_is_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fork_server: ForkServer) -> None:
    kit = small_kit(tmp_path, monkeypatch)
    (kit / "solutions" / "bend.py").write_text(SOLUTION, encoding="utf-8", newline="\n")
    (kit / "autograder" / "checks" / "bend.py").write_text(CHECKS, encoding="utf-8", newline="\n")
    stubs.build(kit)
    exercise = written_for(kit, "bend")
    found = list(soundness(exercise, Workbench(fork_server).grader(exercise)))
    assert [str(line) for line in found if line.is_fault] == []
    assert found[2].text == "the reference earns 5 of 5"
    assert blunt_checks(Rehearsal(exercise)) == {"relu": [], "relu_gradient": []}


def test_all_that_draw_can_draw_is_told() -> None:
    told = set(re.findall(r"(\w+)\(", DOC[DOC.index("- **`draw`**") : DOC.index("- **The oracle**")]))
    assert {name for name in vars(CaseGenerator) if not name.startswith("_")} - {"is_exact"} <= told
