"""Finding a class's submissions: every layout, and every way in which a folder goes wrong."""

import json
import os
import socket
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from classes import EXERCISE, write_class
from places import KIT

from autograder.classroom.folder import Collected, collect
from autograder.classroom.names import file_stem
from autograder.errors import UserError

JOHN_NFC, JOHN_NFD = unicodedata.normalize("NFC", "jöhn"), unicodedata.normalize("NFD", "jöhn")


RIGHT = (KIT / "solutions" / "exercise2.py").read_text(encoding="utf-8")
EMPTY = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
STUB = (KIT / "exercises" / "exercise2.py").read_text(encoding="utf-8")
CELL = {"cell_type": "code", "source": RIGHT, "metadata": {}, "outputs": [], "execution_count": None}
WORKED = json.dumps({"cells": [CELL], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def put(folder: Path, *files: str) -> Path:
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {file}\n")
    return folder


def found(folder: Path) -> dict[str, str]:
    return {item.student: item.file for item in collect(folder, EXERCISE).found}


def lines(collected: Collected) -> list[str]:
    return [str(item) for item in collected.refused]


@pytest.mark.parametrize(
    ("file", "student"),
    [
        ("alice.py", "alice"),
        ("alice.IPYNB", "alice"),
        ("alice/exercise2.py", "alice"),
        ("alice/exercise2.ipynb", "alice"),
        ("alice/exercise2/exercise2.ipynb", "alice"),
        ("alice/exercise2/exercise2.py", "alice"),
        ("alice/Exercise2 (1).py", "alice"),
        ("alice/EXERCISE2.PY", "alice"),
        ("alice/my work/exercise2.py", "alice"),
        ("alice/a/b/c/exercise2.ipynb", "alice"),
        ("alice/alice_exercise2_final.py", "alice"),
        ("Jane van der Berg.py", "Jane van der Berg"),
        (f"{JOHN_NFC}.py", JOHN_NFC),
        (f"{JOHN_NFD}/exercise2.py", JOHN_NFC),
        ("李小龙.py", "李小龙"),
        ("Doe, Jane.py", "Doe, Jane"),
        ('O\'Brien "Bo".py', 'O\'Brien "Bo"'),
        ("-rf.py", "-rf"),
        ("=1+1.py", "=1+1"),
        ("CON.py", "CON"),
        ("jane.doe@uni.edu.py", "jane.doe@uni.edu"),
        ("می‌خواهم.py", "می‌خواهم"),  # a joiner that Persian cannot do without
        ("a" * 252 + ".py", "a" * 252),
        ("字" * 84 + ".py", "字" * 84),
        ("readmeyer.py", "readmeyer"),
        ("doejane_12345_67890_exercise2.py", "doejane_12345"),
        ("doejane_LATE_12345_67890_exercise2-1.ipynb", "doejane_12345"),
        ("doejane_12345_67890_my solution_3.py", "doejane_12345"),
        ("müllerjörg_7001_8001_x.py", "müllerjörg_7001"),
        ("शर्माअनिल_12345_67890_x.py", "शर्माअनिल_12345"),
        ("anon_Ab3dE_67890_exercise2.py", "anon_Ab3dE"),
        ("LATE_anon_Ab3dE_67890_exercise2.py", "anon_Ab3dE"),
        ("anon_Ab3dE_67890_1_2.py", "anon_Ab3dE"),
        ("Jane Doe_12345_assignsubmission_file_/exercise2.py", "Jane Doe_12345"),
        ("Jane Doe_12345_assignsubmission_file/exercise2.py", "Jane Doe_12345"),
        ("Jane Doe_12345_assignsubmission_file_/exercise2/exercise2.ipynb", "Jane Doe_12345"),
        ("Jane Doe_12345_assignsubmission_file_/my work (2).py", "Jane Doe_12345"),
        ("Jane Doe_12345_assignsubmission_file_exercise2.py", "Jane Doe_12345"),
        ("Participant_12345_assignsubmission_file_/exercise2.py", "Participant_12345"),
    ],
)
def test_a_layout(tmp_path, file, student):
    collected = collect(put(tmp_path, file), EXERCISE)
    assert not collected.refused
    (only,) = collected.found
    assert only.student == student
    assert only.file == file
    assert only.path == tmp_path / file
    assert only.path.is_file()


def test_layouts_mix_and_are_sorted_by_student(tmp_path):
    put(tmp_path, "zoe.py", "bob/exercise2.py", "carl/exercise2/exercise2.ipynb", "ann.ipynb", "bob/exercise1.py")
    assert list(found(tmp_path).items()) == [
        ("ann", "ann.ipynb"),
        ("bob", "bob/exercise2.py"),
        ("carl", "carl/exercise2/exercise2.ipynb"),
        ("zoe", "zoe.py"),
    ]


LITTER = ["README.md", "readme.txt", "README", ".DS_Store", "Thumbs.db", "desktop.ini", "timestamp.txt", "alice.py~"]
LITTER += ["._alice.py", "alice.py.bak", "__MACOSX/exercise2.py", "__pycache__/exercise2.py", ".git/exercise2.py"]
LITTER += [".ipynb_checkpoints/exercise2.ipynb"]


def test_litter_is_no_submission(tmp_path):
    put(tmp_path, "alice.py", *LITTER, *(f"bob/{name}" for name in LITTER))
    put(tmp_path, "bob/exercise2.py", "bob/exercise2/timestamp.txt")
    collected = collect(tmp_path, EXERCISE)
    assert found(tmp_path) == {"alice": "alice.py", "bob": "bob/exercise2.py"}
    assert collected.refused == ()
    assert collected.ignored == ()


def test_files_of_other_kinds_are_named_but_not_refused(tmp_path):
    put(tmp_path, "alice.py", "grades.csv", "notes.pdf", "Jane Doe_1_assignfeedback_file_/x.pdf")
    collected = collect(tmp_path, EXERCISE)
    assert collected.refused == ()
    assert collected.ignored == ("Jane Doe_1_assignfeedback_file_", "grades.csv", "notes.pdf")


@pytest.mark.parametrize(
    ("file", "script"),
    [
        ("Al Ray_2_assignsubmission_onlinetext_/onlinetext.html", "Al Ray_2_assignsubmission_file_/x.py"),
        ("Al Ray_2_assignsubmission_file_essay.pdf", "Al Ray_2_assignsubmission_file_x.py"),
        ("E_jo_attempt_2026-11-20-13-05-11.txt", "E_jo_attempt_2026-11-20-13-05-11_x.py"),
        ("roe_12346_text.html", "roe_12346_67892_x.py"),
        ("12-34 - Al Ray- Nov 20, 2026 105 PM - x.docx", "12-34 - Al Ray- Nov 20, 2026 105 PM - x.py"),
    ],
)
def test_who_has_only_other_kinds_of_files_in_a_download_is_named(tmp_path, file, script):
    put(tmp_path, "doejane_12345_67890_exercise2.py", file)
    (refused,) = collect(tmp_path, EXERCISE).refused
    assert str(refused) == f"{file.split('/')[0]} is no script or notebook; have the work handed in as .py or .ipynb"
    assert not refused.is_missing
    collected = collect(put(tmp_path, script), EXERCISE)
    assert (len(collected.found), collected.refused, collected.ignored) == (2, (), ())


@pytest.mark.parametrize(
    ("files", "students"),
    [
        (["G 1/Jo_1_assignsubmission_file_/x.py", "G 2/Al_2_assignsubmission_file_/y.py"], {"Jo_1", "Al_2"}),
        (["All/Doe_J_jd_12/2026_x.py", "All/Roe_B_br_13/exercise2.py"], {"Doe_J_jd_12", "Roe_B_br_13"}),
        (["A/doe_10001_20001_exercise2.py", "A/roe_10002_20002_x.py", "zoe.py"], {"doe_10001", "roe_10002", "zoe"}),
        (["jo/Jane Doe - Exercise 2.py"], {"jo"}),
        (["jo/my_exercise_two_2026/exercise2.py"], {"jo"}),
    ],
)
def test_a_download_below_the_folder_is_found(tmp_path, files, students):
    collected = collect(put(tmp_path, *files), EXERCISE)
    assert {one.student for one in collected.found} == students
    assert {one.file for one in collected.found} == set(files)
    assert all(one.path.is_file() for one in collected.found)


@pytest.mark.parametrize(("inner", "other"), [("submitted", "autograded"), ("Submitted files", "Working files")])
def test_a_folder_that_holds_that_of_the_submissions_is_told_from_it(tmp_path, inner, other):
    with pytest.raises(UserError, match=f"holds more than submissions; name the folder {inner} in it"):
        collect(put(tmp_path, f"{inner}/ann/exercise2.py", f"{other}/ann/exercise2.py"), EXERCISE)


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (["alice.py", "alice.ipynb"], "alice has 2 files (alice.ipynb, alice.py); leave the one that is to be graded"),
        (["alice.py", "alice/exercise2.py"], "alice has 2 files (alice.py, alice/exercise2.py)"),
        (["alice/exercise2.py", "alice/exercise2.ipynb"], "alice has 2 files (alice/exercise2.ipynb, "),
        (["alice/exercise2.py", "alice/exercise2/exercise2.py"], "alice has 2 files"),
        (["alice/exercise2/exercise2.py", "alice/exercise2/exercise2.ipynb"], "alice has 2 files"),
        (["alice.py", "alice .py"], "alice has 2 files (alice .py, alice.py)"),
        (["Alice.py", "alice.ipynb"], "Alice and alice are names that some systems take for one (Alice.py, "),
        ([f"{JOHN_NFC}.py", f"{JOHN_NFD}.ipynb"], "jöhn has 2 files"),
        (["Öz.py", "öz/exercise2.py"], "Öz and öz are names that some systems take for one"),
        (["doe_1001_2001_a.py", "doe_1001_2002_b.py"], "doe_1001 has 2 files (doe_1001_2001_a.py, doe_1001_2002_b.py)"),
        (["doe_1001_2001_exercise2.py", "doe_1001_2002_exercise2.ipynb"], "doe_1001 has 2 files"),
        (["J D_1_assignsubmission_file_/a.py", "J D_1_assignsubmission_file_/b.py"], "J D_1 has 2 files"),
        (["bob/exercise1.py"], "no exercise2.py or exercise2.ipynb in it; it holds exercise1.py: rename the right one"),
        (["bob/solution.py"], "it holds solution.py: rename the right one"),
        (["bob/exercise2.zip"], "bob/exercise2.zip is an archive; unpack it first"),
        ([f"bob/{n}/work.zip" for n in range(6)], "bob holds 0/work.zip, 1/work.zip, 2/work.zip and 3 more; leave the"),
        (["bob/exercise2.docx"], "it holds exercise2.docx: have it handed in as .py or .ipynb"),
        (["bob/essay.pdf", "bob/deep/exercise2.7z"], "bob/deep/exercise2.7z is an archive; unpack it first"),
        (["more/ann/exercise2.py", "more/bob/solution.py"], "more holds ann/exercise2.py, bob/solution.py; put"),
        (["w/exercise2-ann/exercise2.py", "w/exercise2-bob/exercise2.py"], "w holds exercise2-ann/exercise2.py, "),
        (["more/ann.py", "more/bob.py"], "it holds ann.py, bob.py: rename the right one, or put several students'"),
        (["more/ann/exercise2.py", "more/bob/exercise2.py"], "more holds ann/exercise2.py, bob/exercise2.py; put"),
        ([f"w/{name}/exercises/exercise2.py" for name in "abcde"], "w holds a/exercises/exercise2.py, b/exercises/"),
        (["w/ann_exercise2.py", "w/bob_exercise2.py"], "it holds ann_exercise2.py, bob_exercise2.py: rename"),
        (["exercise2.py"], "exercise2.py has an exercise's name and not its student's; rename it"),
        (["exercise2 (1).ipynb"], "exercise2 (1).ipynb has an exercise's name and not its student's; rename it"),
        (["Copy of Exercise 2.ipynb"], "has an exercise's name and not its student's"),
        (["exercise2_final_v2.py"], "has an exercise's name and not its student's"),
        (["bob/exercise2.py/x.txt"], "bob/exercise2.py is a folder; put the file itself there"),
        (["bob/" + name for name in ("a.py", "b.py", "c.py", "d.py")], "it holds a.py, b.py, c.py and 1 more: rename"),
        (["alice.zip"], "alice.zip is an archive; unpack it first"),
        (["alice.7z"], "alice.7z is an archive; unpack it first"),
        (["alice.tar.gz"], "alice.tar.gz is an archive; unpack it first"),
        (["alice.py.txt"], "alice.py.txt is not graded, as it ends in .txt; rename it to end in .py or .ipynb"),
        (["alice.ipynb.json"], "alice.ipynb.json is not graded, as it ends in .json; rename it to"),
        (["alice.py (1)"], "alice.py (1) is not graded, as it ends in .py (1); rename it to"),
        ([".alice.py"], ".alice.py is hidden, as its name begins with a dot; rename it"),
        (["...py"], "...py is hidden"),
        ([".py"], ".py is hidden"),
        ([" .py"], " .py has no student's name; rename it"),
        (["a\nb.py"], "a\\nb.py has a control character in its name; rename it"),
        (["a\x1b[2J.py"], "a\\x1b[2J.py has a control character in its name; rename it"),
        (["evil\u202eyp.py"], "evil\\u202eyp.py has a control character in its name; rename it"),
        (["a\tb/exercise2.py"], "a\\tb has a control character in its name; rename it"),
        (["J D_1_assignsubmission_file_/a\nb.py"], "_file_/a\\nb.py has a control character in its name"),
    ],
)
def test_what_is_doubtful_is_refused_with_a_line(tmp_path, files, line):
    collected = collect(put(tmp_path, "zoe.py", *files), EXERCISE)
    assert [item.student for item in collected.found] == ["zoe"]
    (said,) = lines(collected)
    assert line in said
    assert said.isprintable()


def test_a_name_that_is_not_utf8_is_refused(tmp_path):
    put(tmp_path, "zoe.py")
    (tmp_path / os.fsdecode(b"m\xfcller.py")).write_text("")
    assert lines(collect(tmp_path, EXERCISE)) == ["m\\udcfcller.py has a name that is not UTF-8; rename it"]


def test_weiss_and_weiß_are_two_people(tmp_path):
    assert set(found(put(tmp_path, "weiss.py", "weiß.py"))) == {"weiss", "weiß"}


@pytest.mark.parametrize("other", ["doe_1001_2002_exercise1.py", "doe_1001_2002_notes.ipynb"])
@pytest.mark.parametrize("own", ["exercise2.py", "exercise2-1.ipynb", "Exercise2 (3).py"])
def test_among_several_uploads_the_one_with_the_exercises_name_counts(tmp_path, own, other):
    assert found(put(tmp_path, f"doe_LATE_1001_2001_{own}", other)) == {"doe_1001": f"doe_LATE_1001_2001_{own}"}


# Links and devices


@pytest.mark.parametrize(
    "link", ["alice.py", "alice", "alice/exercise2.py", "alice/exercise2", "alice/exercise2/exercise2.py"]
)
@pytest.mark.parametrize("target", ["outside.py", "folder", "missing", "class/zoe.py"])
def test_links_are_refused_wherever_they_lead(tmp_path, link, target):
    put(tmp_path, "outside.py", "folder/exercise2.py", "class/zoe.py")
    at = tmp_path / "class" / link
    at.parent.mkdir(parents=True, exist_ok=True)
    at.symlink_to(tmp_path / target)
    collected = collect(tmp_path / "class", EXERCISE)
    assert [item.student for item in collected.found] == ["zoe"]
    assert lines(collected) == [f"{link} is a symbolic link; put the file itself there"]


def test_a_file_beside_a_link_of_the_same_student_is_refused_too(tmp_path):
    put(tmp_path, "zoe.py", "alice.ipynb")
    (tmp_path / "alice.py").symlink_to("zoe.py")
    collected = collect(tmp_path, EXERCISE)
    assert [item.student for item in collected.found] == ["zoe"]
    assert lines(collected) == [
        "alice has 2 files (alice.ipynb, alice.py); leave the one that is to be graded",
        "alice.py is a symbolic link; put the file itself there",
    ]


@pytest.mark.parametrize("file", ["alice.py", "alice", "alice/exercise2.py", "alice/exercise2/exercise2.ipynb"])
def test_a_pipe_is_never_opened(tmp_path, file):
    put(tmp_path, "zoe.py")
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(tmp_path / file)
    collected = collect(tmp_path, EXERCISE)
    assert [item.student for item in collected.found] == ["zoe"]
    assert lines(collected) == [f"{file} is no ordinary file but a pipe, socket or device; remove it"]


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    put(tmp_path, "zoe.py")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("alice.py")
        assert lines(collect(tmp_path, EXERCISE)) == [
            "alice.py is no ordinary file but a pipe, socket or device; remove it"
        ]


# Folders that cannot be graded


@pytest.mark.parametrize("files", [[], ["README.md", "__pycache__/x.pyc"], ["notes.pdf"]])
def test_an_empty_folder_says_what_was_looked_for(tmp_path, files):
    with pytest.raises(UserError, match=r"no submissions in .*; looked for <student>\.py, <student>/exercise2\.py and"):
        collect(put(tmp_path, *files), EXERCISE)


def test_no_folder(tmp_path):
    put(tmp_path, "file.py")
    with pytest.raises(UserError, match=r"there is no folder .*; check the path"):
        collect(tmp_path / "missing", EXERCISE)
    with pytest.raises(UserError, match="is not a folder; name the folder"):
        collect(tmp_path / "file.py", EXERCISE)
    with pytest.raises(UserError, match="cannot be listed"):
        collect(Path("nul\0"), EXERCISE)


def test_a_folder_that_may_not_be_read_has_a_line(tmp_path, monkeypatch):
    put(tmp_path, "zoe.py", "alice/exercise2.py")
    scandir = os.scandir

    def refusing(path):
        if path.endswith("alice"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)  # root may read anything
    collected = collect(tmp_path, EXERCISE)
    assert [item.student for item in collected.found] == ["zoe"]
    assert lines(collected) == ["alice cannot be read (Permission denied); check its permissions"]


def test_a_class_takes_one_listing_and_no_look_at_each_file(tmp_path, monkeypatch):
    put(tmp_path, *(f"s{number}.py" for number in range(50)))

    def forbidden(*_args, **_options):
        raise AssertionError("a system call for each file")

    for name in ("stat", "lstat", "open"):
        monkeypatch.setattr(os, name, forbidden)
    assert len(collect(tmp_path, EXERCISE).found) == 50


@pytest.mark.skipif(sys.platform != "linux", reason="files whose names differ in case only")
def test_students_who_are_not_refused_have_files_of_their_own(tmp_path):
    put(tmp_path, "a.py", "A.ipynb", "%41.py", "b./exercise2.py", "b.py", "c%.py", "c%25.py")
    put(tmp_path, "x" * 200 + ".py", "x" * 201 + ".py")
    students = [item.student for item in collect(tmp_path, EXERCISE).found]
    assert len(students) == 7
    assert len({unicodedata.normalize("NFC", file_stem(student)).lower() for student in students}) == 7


# What is not looked at is said


@pytest.mark.parametrize(
    ("files", "is_missing"),
    [
        (["pat/essay.txt"], True),
        (["pat/exercise1.py"], True),
        (["pat/exercise1.py", "pat/solution.py"], False),
        (["pat/deep/er/solution.ipynb"], False),
        (["pat/all.tar.gz"], False),
        (["pat/exercise2.txt"], False),
        (["P_1_assignsubmission_file_/essay.pdf"], False),
    ],
)
def test_who_handed_in_nothing_is_told_from_what_lies_where_nobody_looks(tmp_path, files, is_missing):
    (refused,) = collect(put(tmp_path, "zoe.py", *files), EXERCISE).refused
    assert refused.name.startswith(files[0].split("/")[0])
    assert refused.is_missing == is_missing


def test_a_folder_that_cannot_be_listed_may_be_the_work(tmp_path, monkeypatch):
    put(tmp_path, "zoe.py", "pat/work/exercise2.py")
    walk = os.walk

    def refusing(folder, onerror=None, **options):
        onerror(PermissionError(13, "Permission denied", f"{folder}/work"))
        return walk(folder, **options)

    monkeypatch.setattr(os, "walk", refusing)  # root may read anything
    (refused,) = collect(tmp_path, EXERCISE).refused
    assert str(refused) == (
        "pat cannot be graded: the folder work cannot be read (Permission denied); check its permissions"
    )
    assert not refused.is_missing


def test_what_goes_behind_the_exercises_name_in_a_download_is_named(tmp_path):
    collected = collect(put(tmp_path, "doe_1001_2001_exercise2.py", "doe_1001_2002_notes.ipynb"), EXERCISE)
    assert collected.ignored == ("doe_1001_2002_notes.ipynb",)


# Zips


def zipped(path: Path, files: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in files.items():
            opened.writestr(name, text)


@pytest.mark.parametrize(
    ("file", "inside", "found"),
    [
        ("ann.zip", {"exercise2.py": "1"}, "ann.zip/exercise2.py"),
        ("ann/work.zip", {"kit/exercise2.ipynb": "1", "exercise1.py": "2"}, "ann/work.zip/kit/exercise2.ipynb"),
        ("ann.ZIP", {"a\\Exercise2-1.py": "1", "__MACOSX/a/exercise2.py": "2"}, "ann.ZIP/a/Exercise2-1.py"),
        (
            "ann.zip",
            {f"env/{name}/exercise2.py": "1" for name in "abcde"} | {"exercise2.py": ""},
            "ann.zip/exercise2.py",
        ),
    ],
)
def test_a_students_zip_is_opened(tmp_path, file, inside, found):
    zipped(put(tmp_path / "class", "zoe.py") / file, inside)
    collected = collect(tmp_path / "class", EXERCISE, tmp_path / "scratch")
    assert [(one.student, one.file) for one in collected.found] == [("ann", found), ("zoe", "zoe.py")]
    assert all(one.path.is_file() for one in collected.found)


@pytest.mark.parametrize(
    ("script", "inside", "expected"),
    [
        (STUB, RIGHT, "ann/work.zip/a/exercise2.py"),
        (RIGHT, STUB, "ann/exercise2.py"),
        (RIGHT, RIGHT, "ann/exercise2.py"),
        (STUB, STUB + "\n", "ann/exercise2.py"),
        (RIGHT, RIGHT + "\n", None),
    ],
)
def test_a_zip_beside_a_script_counts_as_a_folder_does(tmp_path, script, inside, expected):
    write_class(tmp_path / "class", {"ann/exercise2.py": script})
    zipped(tmp_path / "class" / "ann" / "work.zip", {"a/exercise2.py": inside})
    collected = collect(tmp_path / "class", EXERCISE, tmp_path / "scratch")
    assert [one.file for one in collected.found] == [expected] * (expected is not None)
    assert len(collected.refused) == (expected is None)


def test_an_archive_deep_in_a_folder_is_opened_where_nothing_else_is_written(tmp_path):
    write_class(tmp_path / "class", {"ann/exercise2.py": STUB, "bob/exercise2.py": STUB, "bob/a/work.rar": "x"})
    zipped(tmp_path / "class" / "ann" / "deep" / "work.zip", {"exercise2.py": RIGHT})
    collected = collect(tmp_path / "class", EXERCISE, tmp_path / "scratch")
    assert [one.file for one in collected.found] == ["ann/deep/work.zip/exercise2.py", "bob/exercise2.py"]
    assert lines(collected) == ["bob/a/work.rar is an archive; unpack it first"]


def test_a_zip_beside_a_script_that_holds_none_or_is_none_is_named(tmp_path):
    write_class(tmp_path / "class", {"ann/exercise2.py": RIGHT, "ann/broken.zip": "no zip"})
    zipped(tmp_path / "class" / "ann" / "data.zip", {"data.csv": "1"})
    collected = collect(tmp_path / "class", EXERCISE, tmp_path / "scratch")
    assert [one.file for one in collected.found] == ["ann/exercise2.py"]
    assert collected.ignored == ("ann/data.zip",)
    assert lines(collected)[0].startswith("ann/broken.zip cannot be unpacked")


@pytest.mark.parametrize(
    ("inside", "line"),
    [
        ({}, "ann.zip has no exercise2.py or exercise2.ipynb in it"),
        ({"solution.py": "1"}, "it holds solution.py: rename the right one"),
        ({f"s{number}.py": "1" for number in range(11)}, "it holds s0.py, s1.py, s10.py and 8 more"),
        (
            {f"s{number}/exercise2.py": "1" for number in range(2)},
            "ann.zip holds s0/exercise2.py, s1/exercise2.py; put",
        ),
        ({f"J_{n}_assignsubmission_file_/x.py": "" for n in range(3)}, "ann.zip is a learning platform's download; "),
        ({"inner.zip": "x"}, "ann.zip holds another archive (inner.zip)"),
        ({"../exercise2.py": "1"}, "ann.zip holds a path that leads out of it (../exercise2.py)"),
    ],
)
def test_a_zip_in_which_nothing_is_certain_is_refused(tmp_path, inside, line):
    zipped(put(tmp_path / "class", "zoe.py") / "ann.zip", inside)
    collected = collect(tmp_path / "class", EXERCISE, tmp_path / "scratch")
    assert [one.student for one in collected.found] == ["zoe"]
    assert line in lines(collected)[0]
    assert not collected.refused[0].is_missing


# Downloads from Canvas, and what only looks like one


@pytest.mark.parametrize(
    "names",
    [
        ["anna_1_2_final.py"],
        ["anna_12_2026_final.py", "bob_13_2026_final.py"],
        ["cs101_2026_00123_lee.py", "cs101_2026_00124_doe.py"],  # numbers of Canvas have no zeros before them
        ["CS101_2026_30123_lee.py", "CS101_2026_30124_doe.py", "CS101_2026_30125_ray.py", "CS101_2026_30126_kim.py"],
        [
            "CS101_2026_00123_lee.py",
            "CS101_2026_00124_doe.py",
            "CS101_2026_00125_exercise2.py",
            "CS101_2026_00126_ray.py",
        ],
        ["CS101_2026_30123_lee.py", "CS101_2026_30124_exercise2.py", "CS101_2026_30125_ray.py"],
        ["lee_20261120_1305_x.py", "doe_20261120_1405_x.py", "ray_20261120_1406_exercise2.py"],
        ["lee_4711001_2026_x.py", "doe_4711002_2026_x.py", "ray_4711003_2026_exercise2.py"],
        ["ann_2026_1234_x.py", "bob.py"],
        ["ann_2026_1234_x.py", "bob_2026.py", "cyd_1.py"],
    ],
)
def test_a_name_with_numbers_in_it_is_a_name(tmp_path, names):
    assert found(put(tmp_path, *names)) == {name.removesuffix(".py"): name for name in names}


def test_a_download_from_canvas_may_hold_a_few_other_files(tmp_path):
    names = ["doejane_12345_67890_exercise2.py", "roe_LATE_12346_67891_x.py", "own.py", "notes.pdf"]
    assert found(put(tmp_path, *names)) == {"doejane_12345": names[0], "roe_12346": names[1], "own": "own.py"}
    (said,) = lines(collect(put(tmp_path, "roe_12346_67892_y.py", "doejane_12345/exercise2.py"), EXERCISE))[:1]
    assert said.startswith("doejane_12345 has 2 files (doejane_12345/exercise2.py, doejane_12345_67890_exercise2.py)")


# Clones of repositories


@pytest.mark.parametrize(
    ("files", "file"),
    [
        ({"exercises/exercise2.py": RIGHT, "exercises/exercise1.py": RIGHT}, "exercises/exercise2.py"),
        ({"exercises/exercise2.py": STUB, "exercises/exercise2.ipynb": EMPTY}, "exercises/exercise2.py"),
        ({"exercises/exercise2.py": RIGHT, "exercises/exercise2.ipynb": EMPTY}, "exercises/exercise2.py"),
        ({"exercises/exercise2.py": STUB, "exercises/exercise2 (1).py": RIGHT}, "exercises/exercise2 (1).py"),
        ({"exercises/exercise2.py": RIGHT, "autograder/checks/exercise2.py": RIGHT}, "exercises/exercise2.py"),
        ({"exercise2.py": RIGHT, "exercises/exercise1.py": RIGHT}, "exercise2.py"),
        ({".git/HEAD": "x", "code/exercise2.py": RIGHT}, "code/exercise2.py"),
        ({"exercises/exercise2.py": STUB, "exercise2.py": RIGHT}, "exercise2.py"),
        ({"exercises/exercise2.py": STUB, "src/exercise2.py": RIGHT}, "src/exercise2.py"),
        ({"exercises/exercise2.py": STUB, "submission/exercise2.py": RIGHT}, "submission/exercise2.py"),
        ({"exercises/exercise2.py": STUB, "exercise2/exercise2.py": RIGHT}, "exercise2/exercise2.py"),
        ({"exercises/exercise2.py": STUB, "notebooks/exercise2.ipynb": WORKED}, "notebooks/exercise2.ipynb"),
        ({"exercise2.py": STUB, "exercise2.ipynb": WORKED}, "exercise2.ipynb"),
        ({"exercise2.py": STUB, "final/exercise2.py": RIGHT}, "final/exercise2.py"),
        ({"exercise2.py": STUB, "exercise2_final.py": RIGHT}, "exercise2_final.py"),
        ({"exercise2.py": STUB, "solution.py": RIGHT}, "solution.py"),
        ({"exercises/exercise2.py": STUB, "work/part.ipynb": WORKED}, "work/part.ipynb"),
        ({"exercise2.py": STUB, "tests/test_it.py": RIGHT, "exercise1.py": RIGHT}, "exercise2.py"),
        ({"old/exercise2.py": STUB, "final/exercise2.py": RIGHT}, "final/exercise2.py"),
        ({"exercise2.py": RIGHT, "copy/exercise2.py": RIGHT, "exercise2 (1).py": RIGHT}, "exercise2.py"),
        ({"exercise2.py": RIGHT} | {f"exercise2 ({n}).py": STUB for n in range(5)}, "exercise2.py"),
        ({"exercises/exercise2.py": STUB, "autograder/checks/exercise2.py": RIGHT}, "exercises/exercise2.py"),
    ],
)
def test_a_clone_is_searched_as_an_upload_is(tmp_path, files, file):
    write_class(tmp_path, {f"course-exercise2-jane/{name}": text for name, text in files.items()})
    assert found(tmp_path) == {"course-exercise2-jane": f"course-exercise2-jane/{file}"}


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (
            {"exercises/exercise2.py": RIGHT, "exercises/exercise2 (1).py": RIGHT + "\n"},
            "jane has 2 files (jane/exercises/exercise2 (1).py, jane/exercises/exercise2.py); leave the one",
        ),
        ({"exercises/README.md": ""}, "jane has no exercise2.py or exercise2.ipynb in it"),
        ({"exercises/exercise1.py": RIGHT}, "jane has no exercise2.py or exercise2.ipynb in it"),
    ],
)
def test_a_clone_in_which_nobody_can_tell_what_is_meant_is_refused(tmp_path, files, line):
    write_class(tmp_path, {f"jane/{name}": text for name, text in files.items()})
    (said,) = lines(collect(tmp_path, EXERCISE))
    assert line in said


def test_a_link_in_a_clone_is_refused(tmp_path):
    (write_class(tmp_path, {"jane/exercises/README.md": ""}) / "jane/exercises/exercise2.py").symlink_to("/etc/passwd")
    assert lines(collect(tmp_path, EXERCISE)) == [
        "jane cannot be graded: exercises/exercise2.py is a link or no ordinary file; hand in the file itself"
    ]
