"""Pictures: whatever a submission does, there is a picture, and its words say what is missing."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from places import KIT
from plotted import DIVERGING, FOUR, FUNCTIONS, ONE, RIGHT, STUB, TWO

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.model import Cell, Problem, Submission, message
from autograder.report import plots
from autograder.report.plots import panels, picture, student
from autograder.report.plots.exercise1 import epoch
from autograder.report.plots.exercise3 import course, least_squares

FIRST_BYTES = {"png": b"\x89PNG\r\n", "svg": b"<?xml", "pdf": b"%PDF-"}


def exercise(name):
    functions = tuple((function, 1) for function in FUNCTIONS[name])
    where = (KIT, KIT / "exercises" / f"{name}.py", KIT / "autograder" / "checks" / f"{name}.py")
    return Exercise(name, "A title", functions, *where, None, by_hand=name != "exercise3")


def submission(code, path="handed_in.py"):
    return Submission("", Path(path), "", (Cell(path, code),))


def figure(fork_server, name, code, path="handed_in.py"):
    return picture.figure_of(exercise(name), submission(code, path), fork_server)


@pytest.fixture(scope="module")
def usual(fork_server):
    """Return the figure of a right, unwritten or diverging submission, drawn once."""
    codes = {"right": RIGHT, "stub": STUB, "diverging": DIVERGING}
    return cache(lambda name, kind: figure(fork_server, name, codes[kind][name]))


def words(drawn):
    """Return all that is written in a figure."""
    return "\n".join(text.get_text() for text in drawn.findobj(Text))


def panel(drawn, title):
    """Return the words of one panel, in one line."""
    axes = next(axes for axes in drawn.axes if axes.get_title(loc="left").startswith(title))
    return " ".join(words(axes).split())


def lines(drawn, title):
    axes = next(axes for axes in drawn.axes if axes.get_title(loc="left").startswith(title))
    return {line.get_label(): line for line in axes.get_lines()}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("kind", ["right", "stub", "diverging"])
def test_every_format_of_every_kind(usual, name, kind):
    drawn = usual(name, kind)
    for form, first in FIRST_BYTES.items():
        image = picture.image(drawn, form)
        assert image.startswith(first)
        assert len(image) > 5000
    said = words(drawn)
    assert ("is not written yet" in said) == (kind == "stub")
    assert ("diverges in" in said) == (kind == "diverging")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_right_submission_follows_the_expected_course(usual, name):
    drawn = lines(usual(name, "right"), "Loss of each")
    yours, expected = (drawn[label].get_ydata() for label in ("yours", "expected"))
    assert len(yours) > 25
    assert yours == pytest.approx(expected, rel=1e-3)


def test_the_numbers_of_the_contract():
    x, y = student.columns(KIT / "datasets" / "line.csv")
    expected = student.walk(lambda at: epoch(at, x, y), student.scalars({"a": 20.0, "b": 30.0}), 100)
    assert (expected.losses[0], expected.losses[99]) == pytest.approx((1100554.15252, 116.22606), rel=1e-6)
    assert float(expected.path[100]["b"]) == pytest.approx(14.061739, rel=1e-6)


def test_the_hand_made_adam_ends_near_least_squares():
    x, y = student.columns(KIT / "datasets" / "line_noisy.csv")
    start = [student.scalars({"": value})[""] for value in (0.5, -0.3, 0.8, 0.1)]
    best = float(((least_squares(x, y) - y) ** 2).mean())
    assert best < course(start, x, y)[-1] < 1.1 * best


def test_what_is_missing_is_named_and_the_rest_is_drawn(fork_server):
    half = TWO.replace("    upstream =", "    raise NotImplementedError\n    upstream =")
    drawn = figure(fork_server, "exercise2", half)
    for title in ("The line", "Loss", "The way down", "Gradients"):
        assert "`chain_rule_gradients` is not written yet" in panel(drawn, title)
    assert "before training" in lines(drawn, "The line")
    assert "2014900 (the same)" in panel(drawn, "Gradients")
    assert panel(drawn, "Gradients").count("missing") == 2


def test_a_missing_function_a_raise_and_a_breach_are_told_apart(fork_server):
    raising = ONE.replace("def update(p, g, lr): ", "def update(p, g, lr):\n    raise ValueError('n$o')\n    ")
    drawn = figure(fork_server, "exercise1", raising.replace("def predict", "def predikt"), "price $5 and $6.py")
    assert "there is no `predict` in the file" in panel(drawn, "The line")
    assert "raises NameError" in panel(drawn, "Loss")
    assert "raises ValueError: n$o" in panel(figure(fork_server, "exercise1", raising), "Loss")
    assert picture.image(drawn, "png").startswith(FIRST_BYTES["png"])
    breach = ONE.replace(
        "    r = predict(p, x) - y", "    import torch; torch.zeros(1, requires_grad=True).sum().backward()"
    )
    assert "`manual_gradients` reaches for autograd" in panel(figure(fork_server, "exercise1", breach), "Gradients")


def test_a_function_of_pass_is_not_written(fork_server):
    assert "`predict` is not written yet" in panel(
        figure(fork_server, "exercise1", "def predict(p, x): pass"), "The line"
    )


def test_a_wrong_gradient_is_beside_the_right_one(fork_server):
    wrong = ONE.replace("(r * x).sum()", "2 * (r * x).sum()").replace('"b": r.sum()', '"b": -1e6 * r.sum()')
    said = panel(figure(fork_server, "exercise1", wrong), "Gradients")
    assert "3470" in said
    assert "6940 (+100 %)" in said
    assert "… −5.5e+08 (× −1e+06)" in said


def test_each_layer_has_its_error(fork_server):
    wrong = FOUR.replace("grads.insert(0, layer_gradients(delta, A)); delta = delta @ W",
                         "grads.insert(0, layer_gradients(delta, A)); delta = 3 * delta @ W")  # fmt: skip
    drawn = lines(figure(fork_server, "exercise4", wrong), "Gradients")
    assert drawn["backward"].get_ydata() == pytest.approx([8, 8, 2, 2, 1e-17, 1e-17], abs=1e-9)
    assert max(drawn["layer_gradients"].get_ydata()) < 1e-9


def test_divergence_is_drawn_up_to_there(usual):
    drawn = usual("exercise4", "diverging")
    assert "no prediction after training: it diverges" in panel(drawn, "Predicted")
    assert "before training" in lines(drawn, "Predicted")
    expected, yours = (lines(drawn, "Loss")[label].get_ydata() for label in ("expected", "yours"))
    assert 0 < len(yours) < len(expected)


def test_a_way_that_leaves_is_cut_at_the_edge(usual):
    drawn = usual("exercise1", "diverging")
    axes = next(axes for axes in drawn.axes if axes.get_title(loc="left").startswith("The way"))
    mark = next(line for line in axes.get_lines() if line.get_label() == "leaves in epoch 1")
    assert float(mark.get_xdata()[0]) == pytest.approx(axes.get_xlim()[1])


HOSTILE = {  # "" is for all exercises: every function answers it
    "": ["'text'", "[]", "object()", "float('nan')", "10**400", "1j", "torch.zeros(3, 2)", "[torch.zeros(2), 'x']"],
    "exercise1": [
        "torch.full((50,), 1e308, dtype=torch.float64)", "({'a': 1e308, 'b': -1e308}, 1e308)",
        "({'a': 1.0, 'b': True}, 0.0)", "({'a': 1.0, 'b': 2.0}, -3.0)", "{'a': 0.0, 'b': 1e308}",
    ],
    "exercise2": [
        "({'a1': 1e308, 'b1': 0, 'a2': -1e308, 'b2': 1e200}, 1e-320)", "{'a1': 1e308, 'b1': 0, 'a2': -1e308, 'b2': 0}",
        "(torch.zeros(50), torch.full((50,), -1e308, dtype=torch.float64))",
    ],
    "exercise3": [
        "(torch.nn.Linear(1, 1), [1.0, 'x'])", "(torch.nn.Linear(2, 1), torch.full((150,), 1e308))", "(1, 2)",
        "(torch.nn.Sequential(), [float('nan')] * 150)", "(torch.nn.Identity(), [1e-320] * 151)",
    ],
    "exercise4": [
        "([torch.zeros(6, 10)], [torch.zeros(6)], 1.0)", "[given[-1]] * 4",
        "([W * 1e308 for W in given[0]], [b * 0 for b in given[1]], 1e308)",
        "([W * 1e307 for W in given[0]], [torch.zeros(6), torch.zeros(3), torch.full((1,), -1e300)])",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_hostile_answers_never_crash(fork_server, name):
    """Every function answers the same; layout and text are what may break, so that much is drawn."""
    for answer in HOSTILE[""] + HOSTILE[name]:
        code = "import torch\n" + "".join(f"def {one}(*given): return {answer}\n" for one in FUNCTIONS[name])
        drawn = figure(fork_server, name, code)
        assert isinstance(drawn.canvas, FigureCanvasAgg)
        drawn.set_dpi(20)
        drawn.canvas.draw()


def test_one_worker_that_dies_costs_one_panel(fork_server):
    deadly = ONE.replace("def predict(p, x): ", "def predict(p, x):\n    if len(x) == 50: import os; os._exit(3)\n    ")
    drawn = figure(fork_server, "exercise1", deadly)
    assert "ended the Python process" in panel(drawn, "The line")
    assert "3470 (the same)" in panel(drawn, "Gradients")


def test_a_slow_training_is_drawn_as_far_as_it_came(fork_server, monkeypatch):
    monkeypatch.setattr(student, "PATIENCE", -1.0)
    assert "no more than 1 steps were waited for" in panel(figure(fork_server, "exercise1", ONE), "Loss")


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


def test_no_text_is_too_small(usual):
    for name in FUNCTIONS:
        drawn = usual(name, "diverging")
        drawn.canvas.draw()
        assert min(text.get_fontsize() for text in drawn.findobj(Text) if text.get_text().strip()) >= 8


def test_texts_do_not_overlap(usual):
    """Titles, notes, legends and axis labels of all panels keep clear of each other and stay in the picture."""
    for name in FUNCTIONS:
        for kind in ("right", "stub", "diverging"):
            drawn = usual(name, kind)
            drawn.canvas.draw()
            boxes = [box for axes in drawn.axes for box in text_boxes(axes, drawn.canvas.get_renderer())]
            for at, (text, box) in enumerate(boxes):
                assert box.x0 >= 0, text
                assert box.x1 <= drawn.bbox.x1, text
                clashes = [other for other, place in boxes[at + 1 :] if box.overlaps(place)]
                assert not clashes, (name, text, clashes)


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


def test_svg_has_the_same_bytes_each_time(fork_server):
    first, second = (picture.image(figure(fork_server, "exercise2", TWO), "svg") for _ in range(2))
    assert first == second
    assert b"dc:date" not in first


def test_a_users_own_settings_change_nothing(fork_server):
    import matplotlib

    plain = picture.image(figure(fork_server, "exercise1", STUB["exercise1"]), "svg")
    with matplotlib.rc_context({"text.usetex": True, "axes.facecolor": "black", "font.size": 30}):
        assert picture.image(figure(fork_server, "exercise1", STUB["exercise1"]), "svg") == plain


@pytest.mark.parametrize("suffix", ["png", "SVG", "pdf"])
def test_draw_writes_by_suffix_and_leaves_nothing_else(fork_server, tmp_path, suffix):
    path = tmp_path / f"picture.{suffix}"
    plots.draw(exercise("exercise3"), submission(STUB["exercise3"]), fork_server, path)
    assert path.read_bytes().startswith(FIRST_BYTES[suffix.lower()])
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_drawn_is_refused_before_anything_runs(tmp_path):
    never = None  # no worker can be started from it
    for path, why in (
        (tmp_path / "x.jpg", "end it in .png, .svg or .pdf"),
        (tmp_path / "x", "no name of a picture"),
        (tmp_path / "none" / "x.png", "there is no folder"),
    ):
        with pytest.raises(UserError, match=why):
            plots.draw(exercise("exercise1"), submission(ONE), never, path)
    (tmp_path / "x.png").mkdir()
    with pytest.raises(UserError, match="is a folder"):
        plots.draw(exercise("exercise1"), submission(ONE), never, tmp_path / "x.png")
    unknown = Exercise("exercise99", "", (), KIT, KIT, KIT, None)
    with pytest.raises(UserError, match="no picture for exercise99"):
        plots.draw(unknown, submission(ONE), never, tmp_path / "y.png")


def test_a_failed_write_leaves_nothing(fork_server, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UserError, match="cannot be written"):
        plots.draw(exercise("exercise3"), submission(STUB["exercise3"]), fork_server, tmp_path / "x.png")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_data_set_is_a_users_error(fork_server, tmp_path):
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "line.csv").write_text("x,y\n1,zwei\n")
    lost = Exercise("exercise1", "", (("predict", 1),), tmp_path, tmp_path, tmp_path, None)
    with pytest.raises(UserError, match=r"line\.csv cannot be read"):
        picture.figure_of(lost, submission(ONE), fork_server)


def test_neither_pyplot_nor_a_display_is_needed():
    code = "import sys, autograder.report.plots.picture; sys.exit('matplotlib.pyplot' in sys.modules)"
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run([sys.executable, "-c", code], cwd=KIT, env=environment, check=False)
    assert done.returncode == 0


def test_importing_the_package_is_cheap():
    code = "import sys, autograder.report.plots; sys.exit('matplotlib' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=KIT, check=False).returncode == 0


def test_differences_in_words():
    assert panels.apart(2.0, 2.0) == "the same"
    assert panels.apart(2.0 + 1e-6, 2.0) == "+5e-05 %"
    assert panels.apart(-2.0, 2.0) == "-200 %"
    assert panels.apart(200.0, 2.0) == "× 1e+02"
    assert panels.apart(0.0, 2.0) == "× 0"
