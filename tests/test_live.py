"""The grade cell in a student's notebook: what it makes of the cells that were run, and in a real kernel."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader_course import EXERCISE, cell, run, text
from places import KIT
from released_kit import released_kit

from autograder import live
from autograder.authoring.catalog import find_exercise
from autograder.authoring.notebook import render
from autograder.live import check
from autograder.nbgrader.course_folder import source_notebook, write_course
from autograder.submissions import grade_cell

IMPORTS = "import torch\nfrom torch import Tensor"
RIGHT = "def loss(y_pred, y):\n    return torch.sum((y_pred - y) ** 2) / 2"
WRONG = "def loss(y_pred, y):\n    return torch.sum((y_pred - y) ** 2)"
ENDLESS = "while True:\n    pass"

Run = Callable[..., int]


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the points that the grade cell of `loss` yields after some cells; `stopped` are those that raised."""

    def checked(*cells: str, stopped: tuple[int, ...] = ()) -> int:
        history = SimpleNamespace(input_hist_raw=["", *cells], exceptions=dict.fromkeys(stopped))
        monkeypatch.setattr(live, "_shell", lambda: SimpleNamespace(history_manager=history))
        return check(EXERCISE, "loss", points=2)

    return checked


class TestHistory:
    @pytest.mark.parametrize(
        ("cells", "stopped", "points"),
        [
            ([IMPORTS, RIGHT], (), 2),
            ([IMPORTS, WRONG], (), 0),
            ([IMPORTS, WRONG, RIGHT], (), 2),  # the last definition counts
            ([IMPORTS, RIGHT, WRONG], (), 0),
            ([IMPORTS, RIGHT, WRONG, RIGHT], (), 2),  # also where a cell is run once more
            ([IMPORTS, RIGHT, "def loss(y_pred, y:\n"], (3,), 2),  # a slip of the pen changes nothing
            ([IMPORTS, f"{RIGHT}\n\nloss(1)"], (2,), 2),  # what stood above the line that raised is defined
            ([IMPORTS, f"{RIGHT}\n\n{ENDLESS}"], (2,), 2),  # interrupted, and not run again
            ([f"%matplotlib inline\n{IMPORTS}", f"%%time\n{RIGHT}", "!ls", "loss?"], (), 2),
            ([IMPORTS, "from math import *", f"half = 0.5\n{RIGHT.replace('/ 2', '* half')}"], (), 2),
            ([IMPORTS, f"class Box:\n    pass\n\n{RIGHT}", "Box.half = 2", RIGHT.replace("2)", "Box.half)")], (), 2),
            ([IMPORTS, RIGHT, grade_cell.code(EXERCISE, "loss", 2), "def update(): ...", RIGHT], (), 2),
            ([RIGHT], (), 0),  # its import was never run
            ([], (), 0),
        ],
    )
    def test_the_cells_run_so_far_are_graded(self, after, capfd, cells, stopped, points):
        assert after(*cells, stopped=stopped) == points
        printed = capfd.readouterr()
        assert printed.out.startswith(f"{'✔' if points else '✘'} loss")
        assert ("No cell that defines loss has been run" in printed.out) == (cells == [])
        assert printed.err == ""

    def test_the_reason_of_a_cell_that_stops_is_told(self, after, capsys):
        after("import no_such_library", "from no_such_library import half\n" + RIGHT)
        said = capsys.readouterr().out
        assert "cell 2 goes on without this: ModuleNotFoundError" in said

    def test_other_functions_do_not_cost_time(self, after):
        assert after(IMPORTS, f"def update(*_):\n    {ENDLESS.replace(chr(10), ' ').replace('    ', '')}", RIGHT) == 2

    def test_hidden_checks_are_not_spoken_of(self, after, capsys):
        only_double = RIGHT.replace("/ 2", "/ 2 * (y.dtype == torch.float64)")
        assert after(IMPORTS, only_double) == 2
        assert "hidden" not in capsys.readouterr().out


class TestInANotebook:
    @pytest.fixture
    def shell(self, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
        """A kernel's shell, in which nothing is graded."""
        shell = SimpleNamespace(kernel=True, user_ns={}, history_manager=SimpleNamespace(input_hist_raw=[""]))
        monkeypatch.setattr(live, "_shell", lambda: shell)
        monkeypatch.setattr(live, "_verdict", lambda *_: ("✔ loss\n", True))
        return shell

    def test_it_says_at_once_that_it_is_grading_and_takes_that_back(self, shell, monkeypatch, capsys):
        monkeypatch.setattr("IPython.display.clear_output", lambda *, wait: sys.stdout.write(f"cleared {wait}\n"))
        assert check(EXERCISE, "loss") is None  # which a notebook does not show
        assert capsys.readouterr().out == "grading…\ncleared True\n✔ loss\n"
        del shell.kernel
        assert check(EXERCISE, "loss", points=2) == 2
        assert capsys.readouterr().out == "✔ loss\n"

    def test_it_knows_the_notebook_that_it_is_in(self, shell, monkeypatch):
        exercise = find_exercise(KIT, EXERCISE)
        monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
        assert str(live.submission(exercise).path) == "exercise2.ipynb"
        monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/my copy.ipynb")
        assert str(live.submission(exercise).path) == "my copy.ipynb"
        shell.user_ns["__vsc_ipynb_file__"] = "/home/ada/in the editor.ipynb"
        assert str(live.submission(exercise).path) == "in the editor.ipynb"


class TestOddities:
    def test_without_ipython_a_line_says_so(self):
        code = f"from autograder.live import check; print(check('{EXERCISE}', 'loss', points=2))"
        done = subprocess.run([sys.executable, "-c", code], cwd=KIT, capture_output=True, text=True, check=True)
        first, last = done.stdout.splitlines()
        assert first.startswith("grade: this cell can only see your work in a kernel of IPython")
        assert (last, done.stderr) == ("0", "")

    @pytest.mark.parametrize(("exercise", "function"), [("exercise9", "loss"), (EXERCISE, "lost")])
    def test_a_changed_cell_is_one_line_and_no_points(self, capsys, exercise, function):
        assert check(exercise, function, points=2) == 0
        assert capsys.readouterr().out.startswith("grade: ")

    def test_a_grader_that_ended_is_started_anew(self, after):
        assert after(IMPORTS, RIGHT) == 2
        live._warm()._service._process.kill()
        live._warm()._service._process.wait()
        assert after(IMPORTS, RIGHT) == 2


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """A notebook with all solutions but a wrong `loss`, run in a kernel that has the student kit only."""
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("student")
    shutil.copytree(released_kit(tmp_path_factory), folder / "kit")
    notebook = json.loads(render(source_notebook(find_exercise(KIT, EXERCISE))))
    cell(notebook, "loss")["source"] = WRONG
    (folder / EXERCISE).mkdir()
    shutil.copytree(KIT / "datasets", folder / EXERCISE / "datasets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder / "kit"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.chdir(folder / EXERCISE)
        node = nbformat.reads(json.dumps(notebook), as_version=4)
        NotebookClient(node, timeout=120).execute()
    return json.loads(json.dumps(node))


@pytest.mark.system
@pytest.mark.filterwarnings("ignore")  # of jupyter_client
class TestKernel:
    def test_each_grade_cell_yields_its_points(self, ran):
        values = {}
        for each in ran["cells"]:
            if each["id"].startswith("check-"):
                results = [one for one in each["outputs"] if one["output_type"] == "execute_result"]
                values[each["id"]] = [one["data"]["text/plain"] for one in results]
        # At home the caller of a wrong function waits for it.
        points = dict(find_exercise(KIT, EXERCISE).functions) | {"loss": 0, "train_step": 0}
        assert values == {f"check-{name}": [str(worth)] for name, worth in points.items()}

    def test_grade_cells_show_text_only_and_nothing_on_standard_error(self, ran):
        cells = [each for each in ran["cells"] if each["id"].startswith("check-")]
        shown = {tuple((one["output_type"], one.get("name")) for one in each["outputs"]) for each in cells}
        assert shown == {(("stream", "stdout"), ("execute_result", None))}

    def test_the_feedback_is_that_of_grade(self, ran, tmp_path):
        (printed,) = [one["text"] for one in cell(ran, "check-loss")["outputs"] if "name" in one]
        path = tmp_path / "answer.ipynb"
        path.write_text(json.dumps({**ran, "cells": [each for each in ran["cells"] if each["cell_type"] == "code"]}))
        command = [sys.executable, "-m", "autograder.cli.grade", EXERCISE, str(path), "--function", "loss"]
        said = subprocess.run(command, cwd=KIT, capture_output=True, text=True, check=False).stdout
        feedback = printed.partition("\n")[2].split()  # below the line with the points, which here are the visible ones
        assert "yours" in feedback
        assert " ".join(feedback) in " ".join(said.split())

    def test_it_finds_the_data(self, ran):
        *_, last = (each for each in ran["cells"] if each["cell_type"] == "code")
        shown = "".join(one.get("text", "") for one in last["outputs"])
        assert "both layers amount to" in shown


@pytest.mark.system
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("code", "verdict"), [(None, "Success!"), (WRONG, "VALIDATION FAILED ON 1 CELL(S)")])
def test_validate(tmp_path, monkeypatch, capsys, code, verdict):
    """`nbgrader validate`, and with it the button in JupyterLab, runs the notebook in a kernel of its own."""
    write_course(KIT, tmp_path, "backpropagation")
    folder = tmp_path / "source" / EXERCISE
    path = folder / f"{EXERCISE}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    if code is not None:
        cell(notebook, "loss")["source"] = code
    assert "check(" in text(cell(notebook, "check-loss"))
    path.write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(KIT))
    monkeypatch.setattr("nbgrader.validator.Validator.stream", sys.stdout)
    run(folder, "validate", path.name)
    assert verdict in capsys.readouterr().out.replace("\n", " ")
    assert os.environ["PYTHONPATH"] == str(KIT)
