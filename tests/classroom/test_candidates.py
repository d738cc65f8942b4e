"""Which of a student's files is meant."""

from classes import EXERCISE, write_class
from places import KIT

from autograder.classroom.candidates import NO_SCRIPT, Candidate, Found, decide, likeliest

RIGHT = (KIT / "solutions" / "exercise2.py").read_text(encoding="utf-8")
STUB = EXERCISE.stub.read_text(encoding="utf-8")


def meant(folder, files, *, is_download=False):
    """The files that may be meant, of one student's, with what they hold."""
    write_class(folder, files)
    group = [Candidate("ann", folder, name, name if is_download else "") for name in files]
    return [one.file for one in likeliest(group, EXERCISE)]


def test_what_is_worked_in_goes_before_an_untouched_stub_and_a_copy_is_no_other_file(tmp_path):
    assert meant(tmp_path / "1", {"ann.py": STUB, "a.ipynb": "", "ann (1).py": RIGHT, "b.py": RIGHT}) == ["b.py"]
    assert meant(tmp_path / "2", {"ann.py": STUB, "ann.ipynb": ""}) == ["ann.py"]
    assert meant(tmp_path / "3", {"ann.py": RIGHT, "b.py": RIGHT + "\n"}) == ["b.py", "ann.py"]


def test_in_a_download_the_name_decides_among_what_is_worked_in(tmp_path):
    several = {"exercise2.py": STUB, "exercise2_v2.py": RIGHT, "exercise1.py": RIGHT + "\n", "b.py": RIGHT + " "}
    assert meant(tmp_path / "1", several, is_download=True) == ["exercise2_v2.py"]
    several = {"exercise2-1.py": RIGHT, "exercise2_v2.py": RIGHT + "\n"}
    assert meant(tmp_path / "2", several, is_download=True) == ["exercise2-1.py"]


def test_nobody_is_dropped_for_somebody_else(tmp_path):
    write_class(tmp_path, {"Ann.py": STUB, "ann.ipynb": RIGHT})
    group = [Candidate("Ann", tmp_path, "Ann.py"), Candidate("ann", tmp_path, "ann.ipynb")]
    assert likeliest(group, EXERCISE) == group
    (refused,) = decide(group)
    assert str(refused).startswith("Ann and ann are names that some systems take for one")


def test_a_file_of_another_kind_counts_only_where_there_is_no_script(tmp_path):
    text = Candidate("ann", tmp_path, "ann.txt", "ann.txt", NO_SCRIPT)
    script = Candidate("ann", tmp_path, "ann.py", "ann.py")
    assert likeliest([text, script], EXERCISE) == [script]
    assert decide([script]) == Found("ann", tmp_path, "ann.py")
    (refused,) = decide(likeliest([text], EXERCISE))
    assert str(refused) == "ann.txt is no script or notebook; have the work handed in as .py or .ipynb"
