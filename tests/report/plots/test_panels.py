"""The panels, drawn from numbers made by hand."""

import pytest
import torch
from matplotlib.figure import Figure
from plotted import lines, panel

from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import Course, Diverged, Missing, Training, scalars

X = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)


@pytest.fixture
def drawn() -> Figure:
    figure = Figure()
    figure.subplots()
    return figure


def training(losses: list[float], end: Missing | None = None, *, points: list[tuple[float, float]] = ()) -> Training:
    """Losses 4, 2, 1 and a way down of three points are expected."""
    expected = [(4.0, 4.0), (2.0, 2.0), (1.0, 1.0)]
    yours, due = ([(scalars({"a": a, "b": b}),) for a, b in path] for path in (points or expected, expected))
    return Training(Course(yours, losses, end), Course(due, [4.0, 2.0, 1.0]))


@pytest.mark.parametrize(
    ("losses", "end", "said"),
    [
        ([4.0, 2.0], Missing("nobody knows why"), "ends after step 2: nobody knows why"),
        ([4.0, 0.0, 1.0], None, "a loss of zero or less has no place on this scale"),
        ([4.0, 8.0], Diverged("inf"), "diverges in step 3"),
        ([4.0, 1e9, 1e90], None, "diverges in step 2"),
        ([], Diverged("inf"), "diverges in step 1"),
        ([], Missing("`f` is not written yet"), "`f` is not written yet"),
    ],
)
def test_a_loss_that_ends_early_says_why(drawn, losses, end, said):
    panels.loss_panel(drawn.axes[0], training(losses, end), words=("step", "loss"))
    assert said in panel(drawn, "Loss of each step")


def test_both_losses_and_their_floor_are_in_sight(drawn):
    panels.loss_panel(drawn.axes[0], training([4.0, 3.0, 2.0]), words=("step", "loss"), floor=0.5)
    shown = lines(drawn, "Loss")
    assert (list(shown["yours"].get_ydata()), list(shown["expected"].get_ydata())) == ([4, 3, 2], [4, 2, 1])
    assert shown["least-squares line"].get_ydata()[0] == 0.5


def test_a_line_that_is_out_of_sight_or_missing_is_named(drawn):
    fitted = [panels.FittedLine("one", panels.BEFORE, X + 100), panels.FittedLine("two", panels.AFTER, Missing("gone"))]
    panels.fit_panel(drawn.axes[0], "The line", X, X, fitted)
    assert "the line one lies outside of this panel" in panel(drawn, "The line")
    assert "gone" in panel(drawn, "The line")
    assert drawn.axes[0].get_ylim() == pytest.approx((0.8, 3.2))


@pytest.mark.parametrize(
    ("end", "said"), [(Diverged("inf"), "it diverges"), (Missing("it is late"), "it is late"), (None, None)]
)
def test_only_what_was_trained_predicts(end, said):
    one = training([] if isinstance(end, Missing) else [4.0], end)
    before, after = panels.before_and_after(one, "steps", lambda state: state[0]["a"])
    assert (before.label, float(before.y)) == ("before training", 4)
    if said:
        assert str(after.y) == f"no prediction after training: {said}"
    else:
        assert (after.label, float(after.y)) == ("after 1 steps", 1)


def test_a_wrong_gradient_is_beside_the_right_one(drawn):
    due = torch.tensor(3470.0)
    gradients = {"a1": (2 * due, due), "b1": (-1e6 * due, due), "a2": (due, due), "b2": (Missing("gone"), due)}
    panels.slopes_panel(drawn.axes[0], gradients, "(here)", {"a₂": 2.0})
    shown = panel(drawn, "Gradients")
    for text in (
        "6940 (× 2 = a₂)",
        "… −3.47e+09 (× −1e+06)",
        "3470 (the same)",
        "missing",
        "gone",
        "∂L/∂a₁",
        "(here)",
    ):
        assert text in shown


def test_errors_are_drawn_for_each_function_that_has_some(drawn):
    series = {"backward": [1e-16, 0.0, float("inf")], "layer_gradients": Missing("gone")}
    panels.errors_panel(drawn.axes[0], series, ["W₁", "b₁", "W₂"], "here")
    assert list(lines(drawn, "Gradients")["backward"].get_ydata()) == [1e-16, panels.EXACT, panels.WORST]
    assert "gone" in panel(drawn, "Gradients")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (2.0, "the same"), (2.0 + 1e-6, "× 1"), (-2.0, "× −1"), (200.0, "× 100"), (0.0, "× 0"), (0.1, "× 1/20 = 1/a₂"),
        (40.0, "× 20 = a₂"), (0.8, "× 2/5 = 2/n"), (0.4, "× 1/5 = 1/n"), (1.1, "× 0.55"), (2.468, "× 1.23"),
    ],
)  # fmt: skip
def test_differences_in_words(found, said):
    assert panels.apart(found, 2.0, {"a₂": 20.0, "n": 5}) == said


@pytest.mark.parametrize(
    ("losses", "end", "said"),
    [
        ([4.0, 3.0, 2.0], None, True),
        ([4.0, 2.0, 1.0], None, False),
        ([4.0, 5.0, 6.0], None, False),
        ([4.0, 3.0], Missing("gone"), False),
    ],
)
def test_what_learns_and_is_wrong_is_said_to(drawn, losses, end, said):
    panels.loss_panel(drawn.axes[0], training(losses, end), words=("step", "loss"))
    assert ("it learns, and is wrong" in panel(drawn, "Loss")) == said


def test_matrices_are_compared_entry_by_entry(drawn):
    due = torch.tensor([[1.0, -2.0, 3.0]], dtype=torch.float64)
    panels.matrices_panel(drawn.axes[0], "Both", {"yours": due * torch.tensor([1, 1, 2]), "autograd's": due}, "here")
    assert "1 of 3 entries are wrong (framed)" in panel(drawn, "Both")
    assert len(drawn.axes[0].patches) == 1
    assert "yours: 1 −2 6. autograd's: 1 −2 3" in drawn.axes[0].get_label()


def test_every_panel_says_in_words_what_it_shows(drawn):
    panels.loss_panel(drawn.axes[0], training([4.0, 3.0, 2.0]), words=("step", "loss"))
    assert drawn.axes[0].get_label() == (
        "Loss of each step. yours: 4 in step 1, 2 in step 3; expected: 4 in step 1, 1 in step 3."
        " it learns, and is wrong: the loss falls, but not as it should."
    )


def test_a_text_is_one_line_of_what_the_font_has():
    assert panels.shown("a\n b\x07 漢 ∂L", 80) == "a b? ? ∂L"
    assert panels.shown("x" * 100, 10) == "x" * 9 + "…"


def test_an_arrow_that_has_no_room_takes_none(drawn):
    axes = drawn.axes[0]
    before = panels.extent(axes)
    axes.annotate("", (0.50, 0.5), (0.51, 0.5), arrowprops={"arrowstyle": "->", "shrinkA": 500, "shrinkB": 500})
    assert panels.extent(axes).extents == pytest.approx(before.extents)
