"""Pictures: whatever a submission does, there is a picture, and its words say what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from places import KIT
from plotted import FUNCTIONS, HOSTILE, ONE, STUB, TWO, exercise, figure, lines, panel, submission, words

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.model import Cell, Problem, Submission, message
from autograder.report import plots
from autograder.report.plots import picture

FIRST_BYTES = {"png": b"\x89PNG\r\n", "svg": b"<?xml", "pdf": b"%PDF-"}


@pytest.mark.system
@pytest.mark.parametrize("name", FUNCTIONS)
class TestEveryExercise:
    @pytest.mark.parametrize("kind", ["right", "stub", "diverging"])
    def test_every_kind_in_every_format(self, usual, name, kind):
        drawn = usual(name, kind)
        for form, first in FIRST_BYTES.items():
            image = picture.image(drawn, form)
            assert image.startswith(first)
            assert len(image) > 5000
        said = words(drawn)
        assert ("is not written yet" in said) == (kind == "stub")
        assert ("diverges in" in said) == (kind == "diverging")

    def test_a_right_submission_follows_the_expected_course(self, usual, name):
        drawn = lines(usual(name, "right"), "Loss of each")
        yours, expected = (drawn[label].get_ydata() for label in ("yours", "expected"))
        assert len(yours) > 25
        assert yours == pytest.approx(expected, rel=1e-3)

    def test_hostile_answers_never_crash(self, fork_server, name):
        """Every function answers the same; layout and text are what may break, so that much is drawn.

        What is wrong in every exercise is tried in one of them each: it comes to the same lines.
        """
        for answer in HOSTILE[""][[*FUNCTIONS].index(name) :: len(FUNCTIONS)] + HOSTILE[name]:
            code = "import torch\n" + "".join(f"def {one}(*given): return {answer}\n" for one in FUNCTIONS[name])
            drawn = figure(fork_server, name, code)
            assert isinstance(drawn.canvas, FigureCanvasAgg)
            drawn.set_dpi(20)
            drawn.canvas.draw()

    def test_no_text_is_too_small(self, usual, name):
        drawn = usual(name, "diverging")
        drawn.canvas.draw()
        assert min(text.get_fontsize() for text in drawn.findobj(Text) if text.get_text().strip()) >= 8

    @pytest.mark.parametrize("kind", ["right", "stub", "diverging"])
    def test_texts_do_not_overlap(self, usual, name, kind):
        """Titles, notes, legends and axis labels of all panels keep clear of each other and stay in the picture."""
        drawn = usual(name, kind)
        drawn.canvas.draw()
        boxes = [box for axes in drawn.axes for box in text_boxes(axes, drawn.canvas.get_renderer())]
        for index, (text, box) in enumerate(boxes):
            assert box.x0 >= 0, text
            assert box.x1 <= drawn.bbox.x1, text
            clashes = [other for other, place in boxes[index + 1 :] if box.overlaps(place)]
            assert not clashes, (text, clashes)


def text_boxes(axes, renderer):
    texts = [*axes.texts, axes._left_title, axes.xaxis.label, axes.yaxis.label]
    texts += [*axes.get_xticklabels(), *axes.get_yticklabels()]
    inside = axes.bbox.padded(2)
    shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
    for text in shown:
        is_tick = text in axes.get_xticklabels() or text in axes.get_yticklabels()
        box = text.get_window_extent(renderer).padded(-1)
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        if not is_tick or inside.x0 <= x <= inside.x1 or inside.y0 <= y <= inside.y1:
            yield text.get_text(), box
    if axes.get_legend() is not None:
        yield "legend", axes.get_legend().get_window_extent(renderer).padded(-1)


def test_one_worker_that_dies_costs_one_panel(fork_server):
    deadly = ONE.replace("def predict(p, x): ", "def predict(p, x):\n    if len(x) == 50: import os; os._exit(3)\n    ")
    drawn = figure(fork_server, "exercise1", deadly)
    assert "ended the Python process" in panel(drawn, "The line")
    assert "3470 (the same)" in panel(drawn, "Gradients")


def test_a_file_that_cannot_be_loaded(fork_server):
    assert "cannot be loaded: ZeroDivisionError" in panel(
        figure(fork_server, "exercise1", "1 / 0"), "What the file does"
    )
    undecodable = Submission("", Path("x.py"), "", (), problem=Problem(message("not UTF-8")))
    assert "not UTF-8" in words(picture.figure_of(exercise("exercise1"), undecodable, fork_server))


def test_notebooks_are_drawn_too(fork_server):
    notebook = Submission("", Path("x.ipynb"), "", (Cell("cell 1", ONE), Cell("cell 2", "1 / 0")), is_notebook=True)
    assert "3470 (the same)" in panel(picture.figure_of(exercise("exercise1"), notebook, fork_server), "Gradients")


def test_the_title_has_exercise_and_file_whatever_they_are_called(fork_server):
    drawn = figure(fork_server, "exercise3", STUB["exercise3"], "解 $x$ \x07.py")
    assert "exercise3: A title – ? $x$ ?.py" in words(drawn)
    assert picture.image(drawn, "svg").startswith(b"<?xml")


@pytest.mark.system
def test_svg_has_the_same_bytes_each_time(fork_server):
    first, second = (picture.image(figure(fork_server, "exercise2", TWO), "svg") for _ in range(2))
    assert first == second
    assert b"dc:date" not in first


@pytest.mark.system
def test_a_users_own_settings_change_nothing(fork_server):
    plain = picture.image(figure(fork_server, "exercise1", STUB["exercise1"]), "svg")
    with matplotlib.rc_context({"text.usetex": True, "axes.facecolor": "black", "font.size": 30}):
        assert picture.image(figure(fork_server, "exercise1", STUB["exercise1"]), "svg") == plain


@pytest.mark.system
@pytest.mark.parametrize("suffix", ["png", "SVG", "pdf"])
def test_draw_writes_by_suffix_and_leaves_nothing_else(fork_server, tmp_path, suffix):
    path = tmp_path / f"picture.{suffix}"
    plots.draw(exercise("exercise3"), submission(STUB["exercise3"]), fork_server, path)
    assert path.read_bytes().startswith(FIRST_BYTES[suffix.lower()])
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_drawn_is_refused_before_anything_runs(tmp_path):
    never = None  # no worker can be started from it
    (tmp_path / "folder.png").mkdir()
    for path, why in (
        ("x.jpg", "end it in .png, .svg or .pdf"),
        ("x", "no name of a picture"),
        ("none/x.png", "there is no folder"),
        ("folder.png", "is a folder"),
    ):
        with pytest.raises(UserError, match=why):
            plots.draw(exercise("exercise1"), submission(ONE), never, tmp_path / path)
    unknown = Exercise("exercise99", "", (), KIT, KIT, KIT, None)
    with pytest.raises(UserError, match="no picture for exercise99"):
        plots.draw(unknown, submission(ONE), never, tmp_path / "y.png")
    assert plots.for_page(unknown, submission(ONE), never) == ()


def test_a_page_gets_each_panel_by_itself(fork_server):
    drawn = plots.for_page(exercise("exercise3"), submission(STUB["exercise3"]), fork_server)
    assert [panel.words.partition(".")[0] for panel in drawn] == [
        "The line through the data (line_noisy",
        "Loss of each epoch",
    ]
    assert all(panel.svg.startswith("<svg") for panel in drawn)
    assert "The line" in drawn[0].svg
    assert "The line" not in drawn[1].svg


def test_a_failed_write_leaves_nothing(fork_server, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UserError, match="cannot be written"):
        plots.draw(exercise("exercise3"), submission(STUB["exercise3"]), fork_server, tmp_path / "x.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.system
@pytest.mark.parametrize(
    ("imported", "unwanted"),
    [("autograder.report.plots.picture", {"matplotlib.pyplot"}), ("autograder.report.plots", {"matplotlib", "torch"})],
)
def test_neither_a_display_nor_what_is_heavy_is_needed_to_import(imported, unwanted):
    code = f"import sys, {imported}; sys.exit(bool({unwanted} & set(sys.modules)))"
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    assert subprocess.run([sys.executable, "-c", code], cwd=KIT, env=environment, check=False).returncode == 0
