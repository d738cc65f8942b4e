"""`course ci`: what it takes and says; the files are autograder.publish.ci's."""

import pytest
from course_commands import course, refusal
from places import KIT


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(KIT)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gradescope",), "gradescope grades one exercise at a time; name it with --exercise"),
        (("classroom50", "--exercise", "exercise1", "--exercise", "exercise2"), "one exercise at a time"),
        (("github", "--exercise", "exercise9"), "there is no exercise 'exercise9'"),
        (("gitlab", "--grader", "a/b@v1"), "a --grader is an action, and gitlab knows none; leave it out"),
        (("travis",), "'travis' is not one of 'github', 'gitlab', 'classroom50', 'gradescope', 'class'"),
        (("github", "--pass-mark", "101"), "101 is not in the range 0<=x<=100"),
    ],
)
def test_what_it_cannot_do_is_one_line(tmp_path, arguments, said):
    assert said in refusal("ci", *arguments, "--output", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_it_writes_and_says_what(tmp_path):
    said = course("ci", "github", "--grader", "org/kit@v1", "--pass-mark", 80, "--output", tmp_path).stdout
    (workflow,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert said == f"wrote {workflow}\n"
    text = workflow.read_text(encoding="utf-8")
    assert "org/kit@v1" in text
    assert "80" in text
