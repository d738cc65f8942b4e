"""Notebooks made of scripts: valid, the same every time, and nothing of the text lost on the way."""

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from places import KIT

from autograder.authoring import catalog, stubs
from autograder.authoring.notebook import NotebookCell, render, script_cells, stub_notebook
from autograder.errors import UserError
from autograder.submissions import grade_cell
from autograder.submissions.submission import read_submission

EXERCISES = catalog.exercises(KIT)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)

SCRIPT = '''\
# %% [markdown]
# # Ünïts: 1, 2
#
#   indented, and a *word*

# %%
import math


# %%
def double(x):
    """Twice
# %% no cell
    x."""
    return 2 * x


# %% [markdown]
# No heading.
# %% [markdown]
# No heading either.
# %%
if __name__ == "__main__":
    print(double(math.pi))
'''


def cells(text: str, *functions: str) -> tuple[NotebookCell, ...]:
    return script_cells(text, "solutions/x.py", functions)


class TestCells:
    def test_a_script_is_cut_at_its_markers(self):
        assert [(cell.kind, cell.text.split("\n")[-1]) for cell in cells(SCRIPT)] == [
            ("markdown", "  indented, and a *word*"),
            ("code", "import math"),
            ("code", "    return 2 * x"),
            ("markdown", "No heading."),
            ("markdown", "No heading either."),
            ("code", "    print(double(math.pi))"),
        ]

    def test_ids_tell_what_a_cell_is(self):
        ids = ["text-units-1-2", "code-imports", "double", "text", "text-2", "code"]
        assert [cell.id for cell in cells(SCRIPT, "double")] == ids
        assert cells(SCRIPT)[2].id == "code-double"

    def test_ids_do_not_depend_on_what_a_cell_says(self):
        changed = SCRIPT.replace("2 * x", "x + x").replace("a *word*", "another").replace("No heading.", "None.")
        assert [cell.id for cell in cells(changed)] == [cell.id for cell in cells(SCRIPT)]

    def test_long_headings_give_ids_that_differ_and_fit(self):
        heading = "# %% [markdown]\n# # " + 30 * "long " + "\n"
        ids = [cell.id for cell in cells(3 * heading)]
        assert len(set(ids)) == 3
        assert max(map(len, ids)) <= 64

    def test_what_stands_above_the_first_marker_is_code(self):
        assert [(cell.kind, cell.text) for cell in cells("x = 1\n# %%\ny = 2\n# %%\n")] == [
            ("code", "x = 1"),
            ("code", "y = 2"),
        ]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("# %% [markdown]\n# prose\nx = 1\n", "solutions/x.py:3: code in a text cell"),
            ("# %%\n# %% [raw]\n", 'solutions/x.py:2: "# %% [raw]" begins no cell'),
            ("# %% Title\n", 'solutions/x.py:1: "# %% Title" begins no cell'),
            ("\n# %%\ndef f(): pass\ndef g(): pass\n", "solutions/x.py:3: f and g are in one cell"),
        ],
    )
    def test_a_faulty_script_is_refused_with_its_line(self, text, said):
        with pytest.raises(UserError, match=re.escape(said)):
            cells(text, "f", "g")


class TestRender:
    def test_it_is_valid_and_laid_out_as_jupyter_saves_it(self):
        nbgrader = {
            "grade": False,
            "grade_id": "double",
            "locked": False,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }
        text = render(
            [NotebookCell("markdown", "½ $x$", "a"), NotebookCell("code", "x = 1\ny = 2", "b", {"nbgrader": nbgrader})]
        )
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        assert nbformat.writes(notebook) + "\n" == text
        assert notebook.cells[1].metadata.nbgrader == nbgrader
        assert "nbgrader" not in notebook.cells[0].metadata
        assert notebook.metadata.kernelspec.name == "python3"

    @each_exercise
    def test_the_stubs_are_valid_notebooks(self, exercise):
        text = render(stub_notebook(exercise))
        nbformat.validate(nbformat.reads(text, as_version=nbformat.NO_CONVERT))
        assert text == render(stub_notebook(exercise))


@each_exercise
class TestStubs:
    def test_each_function_has_one_cell_under_its_name(self, exercise):
        code = {cell.id: cell.text for cell in stub_notebook(exercise) if cell.kind == "code"}
        for name, _ in exercise.functions:
            assert code[name].startswith(f"def {name}(")
            assert f'raise NotImplementedError("{name} is not written yet")' in code[name]

    def test_all_of_the_stub_is_there(self, exercise):
        markers = ("# %%", "# %% [markdown]", "")
        stub = [line for line in stubs.stub_text(exercise).split("\n") if line not in markers]
        written: list[str] = []
        for cell in stub_notebook(exercise):
            if cell.id == "code-colab" or cell.id.startswith("check-"):
                continue
            lines = cell.text.split("\n")
            written += [f"# {line}".rstrip() for line in lines] if cell.kind == "markdown" else filter(None, lines)
        assert written == stub

    def test_it_is_read_back_as_a_submission(self, exercise, tmp_path):
        path = tmp_path / f"{exercise.name}.ipynb"
        notebook = stub_notebook(exercise)
        path.write_text(render(notebook), encoding="utf-8")
        assert [cell.code for cell in read_submission(path).cells] == [
            grade_cell.unasked(cell.text) for cell in notebook if cell.kind == "code"
        ]

    @pytest.mark.system
    def test_run_in_its_folder_it_says_what_to_write_first(self, exercise, tmp_path):
        code = "\n".join(cell.text for cell in stub_notebook(exercise) if cell.kind == "code")
        (tmp_path / "exercises").mkdir()
        (tmp_path / "datasets").symlink_to(KIT / "datasets")
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=tmp_path / "exercises", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "is not written yet. That is your next step" in done.stdout

    def test_formulas_survive_markdown(self, exercise):
        """As nbconvert renders it, with the Markdown parser that keeps to Jupyter's rules for formulas."""
        mistune = pytest.importorskip("nbconvert.filters.markdown_mistune")
        for cell in stub_notebook(exercise):
            if cell.kind == "code":
                continue
            formulas = re.findall(r"\$\$.+?\$\$|\$[^$]+?\$", re.sub(r"`[^`]*`", "", cell.text), re.DOTALL)
            html = mistune.markdown2html_mistune(cell.text)
            for formula in formulas:
                escaped = formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                assert escaped in html, formula

    def test_its_pictures_are_inside_it(self, exercise):
        pictures = stubs.pictures(exercise)
        taken = {}
        for cell in nbformat.reads(render(stub_notebook(exercise), pictures), as_version=4).cells:
            held = cell.get("attachments", {})
            assert re.findall(r"!\[[^]]*\]\(([^)]+)\)", cell.source) == [f"attachment:{name}" for name in held]
            taken |= {f"pictures/{name}": base64.b64decode(data["image/png"]) for name, data in held.items()}
        assert taken == pictures

    def test_below_each_function_a_cell_grades_it(self, exercise):
        cells = stub_notebook(exercise)
        names = [cell.id for cell in cells]
        for name, points in exercise.functions:
            below = cells[names.index(name) + 1]
            assert below.id == f"check-{name}"
            assert below.text.startswith(f"# {name}, {points} point")
            assert below.text.endswith(f'check("{exercise.name}", "{name}")')


class TestColab:
    """The cell that fetches the kit, in a folder that holds nothing else."""

    @pytest.fixture
    def there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        for name in ("kit/autograder", "kit/exercises", "content"):
            (tmp_path / name).mkdir(parents=True)
        (tmp_path / "kit/autograder/live.py").write_text("")
        colab = SimpleNamespace(files=SimpleNamespace(upload=lambda: {str(tmp_path / "kit (1).zip"): b""}))
        monkeypatch.setitem(sys.modules, "google", SimpleNamespace(colab=colab))
        monkeypatch.setitem(sys.modules, "google.colab", colab)
        monkeypatch.setattr(sys, "path", [*sys.path])
        monkeypatch.chdir(tmp_path / "content")
        return tmp_path

    def run(self, address: str = "") -> None:
        exec(stub_notebook(EXERCISES[0], address)[0].text, {})

    def test_the_kit_is_unpacked_once(self, there, monkeypatch):
        shutil.make_archive(str(there / "kit (1)"), "zip", there, "kit")
        self.run()
        kit = there / "content/kit/kit"
        assert (Path.cwd(), sys.path[0]) == (kit / "exercises", str(kit))
        monkeypatch.delitem(sys.modules["google.colab"].__dict__, "files")
        self.run()  # again
        assert Path.cwd() == kit / "exercises"
        monkeypatch.chdir(there / "content")
        self.run()  # in a new kernel
        assert Path.cwd() == kit / "exercises"

    def test_from_an_address_it_is_cloned(self, there, monkeypatch):
        called = []

        def run(command, **_options):
            called.append(command)
            shutil.copytree(there / "kit", command[-1])

        monkeypatch.setattr(subprocess, "run", run)
        self.run("https://example.org/kit.git")
        [command] = called
        assert command[:2] == ["git", "clone"]
        assert command[-2:] == ["https://example.org/kit.git", str(there / "content/kit")]
        assert Path.cwd() == there / "content/kit/exercises"

    def test_what_is_no_kit_is_said(self, there):
        (there / "more").mkdir()
        shutil.make_archive(str(there / "kit (1)"), "zip", there / "more")
        with pytest.raises(AssertionError, match=r"there is no kit in .*delete that folder"):
            self.run()

    def test_elsewhere_it_does_nothing(self, there, monkeypatch):
        monkeypatch.delitem(sys.modules, "google.colab")
        self.run()
        assert Path.cwd() == there / "content"


def test_json_is_utf8_and_not_escaped():
    assert "∂L/∂a" in render(stub_notebook(EXERCISES[0]))
    assert json.loads(render([]))["cells"] == []
