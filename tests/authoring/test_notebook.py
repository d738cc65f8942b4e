"""Notebooks made of scripts: valid, the same every time, and nothing of the text lost on the way."""

import json
import re
import subprocess
import sys

import nbformat
import pytest
from places import KIT

from autograder.authoring import catalog, stubs
from autograder.authoring.notebook import NotebookCell, render, script_cells, stub_notebook
from autograder.errors import UserError
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
        metadata = {
            "grade": False,
            "grade_id": "double",
            "locked": False,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }
        text = render([NotebookCell("markdown", "½ $x$", "a"), NotebookCell("code", "x = 1\ny = 2", "b", metadata)])
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        assert nbformat.writes(notebook) + "\n" == text
        assert notebook.cells[1].metadata.nbgrader == metadata
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
            lines = cell.text.split("\n")
            written += [f"# {line}".rstrip() for line in lines] if cell.kind == "markdown" else filter(None, lines)
        assert written == stub

    def test_it_is_read_back_as_a_submission(self, exercise, tmp_path):
        path = tmp_path / f"{exercise.name}.ipynb"
        notebook = stub_notebook(exercise)
        path.write_text(render(notebook), encoding="utf-8")
        assert [cell.code for cell in read_submission(path).cells] == [
            cell.text for cell in notebook if cell.kind == "code"
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

    def test_pictures_are_where_the_text_says(self, exercise):
        for cell in stub_notebook(exercise):
            for place in re.findall(r"!\[[^]]*\]\(([^)]+)\)", cell.text):
                assert (exercise.stub.parent / place).is_file()


def test_json_is_utf8_and_not_escaped():
    assert "∂L/∂a" in render(stub_notebook(EXERCISES[0]))
    assert json.loads(render([]))["cells"] == []
