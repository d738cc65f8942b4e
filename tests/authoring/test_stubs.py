"""Generated files follow their sources; what somebody has worked in stays."""

import json
import os
from pathlib import Path

import pytest
from small_kit import SOLUTION, STUB, small_kit

from autograder.authoring import catalog
from autograder.authoring.stubs import MANIFEST, build, compare, pictures
from autograder.errors import UserError

CHANGED = SOLUTION.replace("Halves and doubles", "Doubles and halves")


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return small_kit(tmp_path, monkeypatch, "exercise1", "exercise2")


@pytest.fixture
def built(kit: Path) -> Path:
    build(kit)
    return kit


def states(kit: Path) -> dict[str, str]:
    return {status.path.name: status.state for status in compare(kit)}


def lines(kit: Path) -> list[str]:
    return [str(status) for status in compare(kit) if not status.is_current]


def listed(kit: Path) -> list[str]:
    return sorted(path.name for path in (kit / "exercises").iterdir())


def rewrite_solution(kit: Path) -> None:
    (kit / "solutions/exercise1.py").write_text(CHANGED, encoding="utf-8", newline="\n")


def test_build_writes_stubs_that_compare_equal(kit: Path) -> None:
    assert states(kit) == {"exercise1.py": "missing", "exercise2.py": "missing"}
    assert [str(status) for status in build(kit)] == [
        "exercises/exercise1.py: written from solutions/exercise1.py",
        "exercises/exercise2.py: written from solutions/exercise2.py",
    ]
    assert (kit / "exercises/exercise1.py").read_bytes() == STUB.encode()
    assert states(kit) == {"exercise1.py": "current", "exercise2.py": "current"}
    assert listed(kit) == [".stubs.json", "exercise1.py", "exercise2.py"]


def test_build_again_touches_nothing(built: Path) -> None:
    for path in (built / "exercises").iterdir():
        os.utime(path, (0, 0))
    assert all(status.state == "current" for status in build(built))
    assert {path.stat().st_mtime for path in (built / "exercises").iterdir()} == {0}


def test_untouched_stub_follows_its_source(built: Path) -> None:
    rewrite_solution(built)
    assert lines(built) == ["exercises/exercise1.py: not what solutions/exercise1.py generates; run `course build`"]
    build(built)
    assert "Doubles and halves" in (built / "exercises/exercise1.py").read_text(encoding="utf-8")
    assert lines(built) == []


def test_worked_stub_is_never_overwritten(built: Path) -> None:
    stub = built / "exercises/exercise1.py"
    worked = STUB.replace('raise NotImplementedError("half is not written yet")', "return x / 2").encode()
    stub.write_bytes(worked)
    rewrite_solution(built)
    left = (
        "exercises/exercise1.py: left alone, for somebody has worked in it; move it away and run `course build` again"
    )
    assert [str(status) for status in build(built)] == [left, "exercises/exercise2.py: up to date"]
    assert stub.read_bytes() == worked
    assert lines(built) == [left]
    stub.rename(built / "mine.py")
    build(built)
    assert lines(built) == []
    assert (built / "mine.py").read_bytes() == worked


def test_worked_stub_is_safe_where_the_record_is_lost(built: Path) -> None:
    (built / MANIFEST).unlink()
    rewrite_solution(built)
    assert states(built)["exercise1.py"] == "worked"
    build(built)
    assert (built / "exercises/exercise1.py").read_bytes() == STUB.encode()


def test_stub_put_back_counts_as_untouched_again(built: Path) -> None:
    stub = built / "exercises/exercise1.py"
    stub.write_text("mine = 1\n", encoding="utf-8")
    build(built)
    stub.write_bytes(STUB.encode())
    rewrite_solution(built)
    assert states(built)["exercise1.py"] == "outdated"


def test_line_ends_of_a_checkout_are_nobodys_work(built: Path) -> None:
    stub = built / "exercises/exercise1.py"
    stub.write_bytes(STUB.replace("\n", "\r\n").encode())
    assert states(built)["exercise1.py"] == "outdated"
    build(built)
    assert stub.read_bytes() == STUB.encode()


def test_source_with_windows_line_ends_gives_the_same_stub(kit: Path) -> None:
    (kit / "solutions/exercise1.py").write_bytes(SOLUTION.replace("\n", "\r\n").encode())
    build(kit)
    assert (kit / "exercises/exercise1.py").read_bytes() == STUB.encode()


def test_record_that_is_behind_is_reported(built: Path) -> None:
    record = json.loads((built / MANIFEST).read_bytes())
    (built / MANIFEST).write_text(json.dumps(record | {"exercise1.py": "0" * 64}), encoding="utf-8")
    assert lines(built) == ["exercises/.stubs.json: not what solutions generates; run `course build`"]
    build(built)
    assert lines(built) == []


def test_orphan_is_reported_and_forgotten_once_deleted(built: Path) -> None:
    (built / "solutions/exercise2.py").unlink()
    orphan = "exercises/exercise2.py: its source solutions/exercise2.py is gone; restore that, or delete this file"
    assert lines(built) == [orphan]
    build(built)
    assert (built / "exercises/exercise2.py").read_bytes() == STUB.encode()
    (built / "exercises/exercise2.py").unlink()
    build(built)
    assert lines(built) == []
    assert list(json.loads((built / MANIFEST).read_bytes())) == ["exercise1.py"]


def test_students_own_files_are_no_orphans(built: Path) -> None:
    (built / "exercises/tries.py").write_text("x = 1\n", encoding="utf-8")
    assert lines(built) == []


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        (
            "exercise2.py",
            SOLUTION.replace("### END", "## END").encode(),
            "solutions/exercise2.py:13: looks like a marker",
        ),
        ("exercise2.py", SOLUTION.replace("def half", "def third").encode(), "no function half"),
        ("exercise2.py", "def double(): 'ä'".encode("latin-1"), "not UTF-8"),
        ("exercise3.py", SOLUTION.encode(), "solutions/exercise3.py: no checks; write autograder/checks/exercise3.py"),
    ],
)
def test_one_faulty_source_stops_the_whole_build(kit: Path, name: str, content: bytes, what: str) -> None:
    (kit / "solutions" / name).write_bytes(content)
    with pytest.raises(UserError) as caught:
        build(kit)
    assert what in str(caught.value)
    assert listed(kit) == []


@pytest.mark.parametrize("content", ["{", "[]", '{"exercise1.py": 1}'])
def test_damaged_record_is_refused(built: Path, content: str) -> None:
    (built / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="damaged; restore it, or delete it"):
        build(built)


def test_folder_in_a_stubs_place_is_refused(kit: Path) -> None:
    (kit / "exercises/exercise1.py").mkdir()
    with pytest.raises(UserError, match=r"exercise1\.py cannot be read .*; move it away"):
        build(kit)


def test_kit_without_solutions_says_so(kit: Path) -> None:
    for path in (kit / "solutions").iterdir():
        path.unlink()
    (kit / "solutions").rmdir()
    with pytest.raises(UserError, match="has no solutions/"):
        build(kit)


def test_interrupted_write_leaves_the_old_stub(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite_solution(built)

    def full(_path: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UserError, match=r"cannot be written \(No space left on device\)"):
        build(built)
    assert (built / "exercises/exercise1.py").read_bytes() == STUB.encode()
    assert listed(built) == [".stubs.json", "exercise1.py", "exercise2.py"]


def test_the_pictures_of_a_text_are_found_or_missed(built: Path) -> None:
    shown = SOLUTION.replace(
        "# # Halves and doubles", "# # Halves\n#\n# ![two\n# halves](pictures/exercise1_halves.png)"
    )
    (built / "solutions/exercise1.py").write_text(shown, encoding="utf-8")
    exercise = catalog.read_exercise(built, "exercise1")
    with pytest.raises(UserError, match=r"exercise1_halves.png cannot be read .*; run docs/pictures/make_drawings.py"):
        pictures(exercise)
    (built / "exercises/pictures").mkdir()
    (built / "exercises/pictures/exercise1_halves.png").write_bytes(b"dots")
    assert pictures(exercise) == {"pictures/exercise1_halves.png": b"dots"}
    assert pictures(catalog.read_exercise(built, "exercise2")) == {}
