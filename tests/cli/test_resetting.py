"""`grade --reset`: the stub back, and never a line of anybody's work lost."""

import json
import shutil

import pytest
from small_kit import STUB, small_kit

from autograder.authoring import catalog, notebook, stubs
from autograder.cli import grade, listing
from autograder.submissions.submission import read_submission

OWN = STUB.replace('raise NotImplementedError("half is not written yet")', "return x / 3")


@pytest.fixture
def work(tmp_path, monkeypatch):
    """The folder of a kit's exercise in which `half` is written."""
    kit = small_kit(tmp_path / "kit", monkeypatch, "halves")
    stubs.build(kit)
    monkeypatch.chdir(kit)
    (kit / "exercises" / "halves.py").write_text(OWN)
    return kit / "exercises"


def copies(work):
    return sorted(path.name for path in work.iterdir() if ".kept-" in path.name)


@pytest.mark.parametrize("name", ["half", "halves", "HALVES", "exercises/halves.py"])
def test_the_stub_is_back_and_what_was_there_is_kept(work, capsys, name):
    assert grade.run(["halves", "--reset", name]) == 0
    assert (work / "halves.py").read_text() == STUB
    assert (work / "halves.py.kept-1").read_text() == OWN
    assert "kept in exercises/halves.py.kept-1" in capsys.readouterr().out
    grade.run(["halves", "--reset", name])
    assert "nothing was changed" in capsys.readouterr().out
    assert copies(work) == ["halves.py.kept-1"]


def test_no_earlier_copy_is_overwritten_and_other_functions_stay(work):
    both = OWN.replace('raise NotImplementedError("double is not written yet")', "return x + x")
    (work / "halves.py.kept-1").write_text("mine")
    (work / "halves.py").write_text(both)
    grade.run(["halves", "--reset", "double"])
    assert (work / "halves.py").read_text() == OWN
    assert (work / "halves.py.kept-1").read_text() == "mine"
    assert (work / "halves.py.kept-2").read_text() == both


def test_a_file_that_is_gone_comes_back_without_the_exercise_named_twice(work, fails):
    (work / "halves.py").unlink()
    assert fails(2, "halves").endswith("grade halves --reset halves gives you a new one")
    assert "grade halves --reset halves" in fails(2, "halves", "--reset", "half")
    assert grade.run(["--reset", "halves"]) == 0
    assert (work / "halves.py").read_text() == STUB
    assert copies(work) == []
    shutil.rmtree(work)
    assert "halves.py is gone" in listing.listing(work.parent)
    assert grade.run(["halves", "--reset", "halves"]) == 0
    assert (work / "halves.py").read_text() == STUB


def test_a_function_without_its_exercise_is_a_question(work, fails):
    assert "as in: grade exercise1" in fails(2, "--reset", "half")


def test_a_function_that_nobody_grades_comes_back_too_and_is_told_to_be_none_that_is_graded(work, fails):
    own = '\n\n# %%\ndef third(x: Tensor) -> Tensor:\n    """Return x/3."""\n    {}\n'
    with (work.parent / "solutions" / "halves.py").open("a") as solution:
        solution.write(own.format("### BEGIN SOLUTION\n    return x / 3\n    ### END SOLUTION"))
    for option in ("--function", "--hint"):
        assert "third is yours to write, but it is not graded" in fails(2, "halves", option, "third")
    for before in (OWN + own.format("return x"), OWN):
        (work / "halves.py").write_text(before)
        assert grade.run(["halves", "--reset", "third"]) == 0
        stub = own.format('raise NotImplementedError("third is not written yet")')
        assert (work / "halves.py").read_text().rstrip("\n") == (OWN + stub).rstrip("\n")


def test_lines_end_as_before(work):
    """An editor on Windows ends them otherwise; a tool that compares versions would show each line as changed."""
    (work / "halves.py").write_bytes(OWN.replace("\n", "\r\n").encode())
    grade.run(["halves", "--reset", "half"])
    assert (work / "halves.py").read_bytes() == STUB.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("gone", ["double", "half"])
def test_a_function_that_is_gone_comes_where_it_belongs(work, gone):
    first, second = STUB.index("def double"), STUB.index("\n\n# %%\ndef half")
    left = STUB[:first] + STUB[second:] if gone == "double" else STUB[:second]
    (work / "halves.py").write_text(left)
    grade.run(["halves", "--reset", gone])
    text = (work / "halves.py").read_text()
    compile(text, "halves.py", "exec")
    assert text.index("def double") < text.index("def half")


@pytest.mark.parametrize("text", ["half = lambda x: x / 2\n", "x = 1\n", "\xff"])
def test_where_nobody_can_tell_what_to_replace_nothing_is_touched(work, fails, text):
    (work / "halves.py").write_text(text, encoding="latin-1")
    assert "grade halves --reset halves gives the whole exercise back" in fails(2, "halves", "--reset", "half")
    assert (work / "halves.py").read_text(encoding="latin-1") == text


class TestNotebook:
    @pytest.fixture
    def path(self, work):
        path = work / "halves.ipynb"
        path.write_text(notebook.render(notebook.script_cells(OWN, "", ("double", "half"))))
        return path

    def codes(self, path):
        return [cell.code for cell in read_submission(path).cells]

    def test_a_function_of_it(self, work, path, capsys):
        before = self.codes(path)
        assert grade.run(["halves", "exercises/halves.ipynb", "--reset", "half"]) == 0
        after = self.codes(path)
        assert after[:-1] == before[:-1]
        assert "half is not written yet" in after[-1]
        assert (work / "halves.ipynb.kept-1").is_file()

    def test_a_function_that_is_gone(self, path):
        held = json.loads(path.read_text())
        held["cells"] = [cell for cell in held["cells"] if "def half" not in "".join(cell["source"])]
        path.write_text(json.dumps(held))
        grade.run(["halves", "exercises/halves.ipynb", "--reset", "half"])
        assert "def half" in self.codes(path)[-1]
        assert json.loads(path.read_text())["cells"][-1]["id"] == "half"

    def test_all_of_it(self, path):
        exercise = catalog.find_exercise(path.parents[1], "halves")
        grade.run(["halves", "exercises/halves.ipynb", "--reset", "halves"])
        assert path.read_text() == notebook.render(notebook.stub_notebook(exercise))

    def test_a_broken_one_stays(self, path, fails):
        path.write_text("{")
        assert "--reset halves gives the whole" in fails(2, "halves", str(path), "--reset", "half")
        assert path.read_text() == "{"
