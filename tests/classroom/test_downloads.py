"""Names that learning platforms give to what is handed in."""

from pathlib import Path

import pytest

from autograder.classroom.downloads import naming

METADATA = """---
submission_1001:
  :submitters:
  - :name: Jane Doe
    :sid: '00123'
    :email: jane@uni.edu
  :created_at: 2026-11-20 12:00:00.000000000 Z
submission_1002:
  :submitters:
  - :name: Al Ray
    :sid:
    :email: al@uni.edu
submission_1003:
  :submitters:
  - :name: Bo Lee
    :sid: '7'
    :email: bo@uni.edu
  - :name: Cy Kim
    :sid: '8'
    :email: cy@uni.edu
"""


def authors(folder: Path, *names: str) -> dict[str, str | None]:
    """Whose each file or folder is, and what its author called it."""
    read = naming(folder, names)
    return dict(read.author(name.removesuffix(".py")) for name in names if not name.endswith((".txt", ".yml")))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Exercise 2_jdoe_attempt_2026-11-20-13-05-11_exercise2.py"], {"jdoe": "exercise2"}),
        (
            ["E_2_jdoe_attempt_2026-11-20-13-05-11_a.py", "E_2_j_doe_attempt_2026-11-20-13-05-11_b_c.py"],
            {"jdoe": "a", "j_doe": "b_c"},
        ),
        (
            ["E 2_jdoe_attempt_2026-11-20-13-05-11.txt", "E 2_a_doe_attempt_2026-11-20-13-05-11_b.py"],
            {"a_doe": "b"},
        ),
        (["12345-67890 - Jane Doe - Nov 20, 2026 105 PM - exercise2.py"], {"Jane Doe_12345": "exercise2"}),
        (["1-2 - Jo-Ann O'Hara - Lee - November 2, 2026 1105 AM"], {"Jo-Ann O'Hara - Lee_1": ""}),
        (["12345-67890 - Doe, Jane - Nov 20, 2026 13.05 - a - b.py"], {"Doe, Jane_12345": "a - b"}),
        (["1-2 - Al Ray- Nov 20, 2026 105 PM - x.py"], {"Al Ray_1": "x"}),
        (["1-2 - Al Ray - 20. November 2026 13 h 05 - x.py"], {"Al Ray_1": "x"}),
        (["Doe_Jane_jdoe_12345"], {"Doe_Jane_jdoe_12345": None}),
        (["jdoe@uni.edu_1_exercise2_1_2_99_my_file.py"], {"jdoe@uni.edu": "my_file"}),
        (
            ["jdoe@uni.edu_1_exercise2_1_2", "j_lee@cs.uni.edu_2_ex_two_1_1_7_x.py"],
            {"jdoe@uni.edu": "", "j_lee@cs.uni.edu": "x"},
        ),
        (["jane.doe@uni.edu.py"], {"jane.doe@uni.edu": None}),
        (["Jane Doe - Exercise 2.py", "Al - exercise2 (1).py"], {"Jane Doe": "Exercise 2", "Al": "exercise2 (1)"}),
        (["Jane Doe - Copy of exercise2.py"], {"Jane Doe": "Copy of exercise2"}),
        (["jo+exercise2+2026-11-20 13:05:11 UTC", "al+exercise2+2026-11-20 13:05:11.5 UTC+ab"], {"jo": "", "al": "ab"}),
        (["smith-jones_10001_20001_x.py", "doe_late_10002_20002_x.py"], {"smith-jones_10001": "x", "doe_10002": "x"}),
        (["Jane Doe - Al.py"], {"Jane Doe - Al": None}),
        (["first_attempt_2026.py", "an_attempt_1-2.py"], {"first_attempt_2026": None, "an_attempt_1-2": None}),
        (["doe_jane_2026.py", "2026-11-20 - doe.py"], {"doe_jane_2026": None, "2026-11-20 - doe": None}),
    ],
)
def test_whose_it_is(tmp_path, names, expected):
    assert authors(tmp_path, *names) == expected


def test_one_student_of_two_attempts_at_blackboard_is_one(tmp_path):
    names = ["E_j_doe_attempt_2026-11-20-13-05-11_a.py", "E_j_doe_attempt_2026-11-21-13-05-11_b.py"]
    read = naming(tmp_path, names)
    assert len({read.author(name.removesuffix(".py"))[0] for name in names}) == 1


def test_gradescopes_list_says_whose_a_submission_is(tmp_path):
    (tmp_path / "submission_metadata.yml").write_text(METADATA)
    names = ["submission_metadata.yml", "submission_1001", "submission_1002", "submission_1003", "submission_9"]
    assert set(authors(tmp_path, *names)) == {"00123", "al@uni.edu", "submission_1003", "submission_9"}
    assert all(naming(tmp_path, names).is_download(name) for name in names[1:])


def test_a_list_that_is_a_link_is_not_read(tmp_path):
    (tmp_path / "elsewhere").write_text(METADATA)
    (tmp_path / "submission_metadata.yml").symlink_to("elsewhere")
    assert set(authors(tmp_path, "submission_metadata.yml", "submission_1001")) == {"submission_1001"}


@pytest.mark.parametrize("folder", ["bob", "jane doe", "exercise2", "doe_jane", "course-exercise2-jane"])
def test_no_platform_made_it(tmp_path, folder):
    assert not naming(tmp_path, [folder]).is_download(folder)
