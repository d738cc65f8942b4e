"""A submission's picture as a figure and as bytes, the same bytes for the same numbers, without a display."""

import importlib
import io
import json
from pathlib import Path
from typing import Any

import matplotlib.style
import torch
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

from autograder.exercise import Exercise
from autograder.grading.collection import collect
from autograder.grading.released import UNREADABLE, unreadable
from autograder.host.fork_server import ForkServer
from autograder.host.session import Session
from autograder.model import Limits, Submission
from autograder.report.plots import Panel, panels
from autograder.report.plots.drawn_submission import DrawnSubmission
from autograder.report.plots.due_values import DueValues
from autograder.report.plots.way import SCALE

SIZE = (11.0, 8.6)  # inches
OF_A_PAGE = (9.4, 8.2)  # narrower, so that a panel by itself can be read on a phone
DPI = 150
# What each format would otherwise say about when and with what it was made.
METADATA: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # which matplotlib brings along
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "backprop-exercises",
}


def image(figure: Figure, form: str) -> bytes:
    """Return the picture as a file of the given format: png, svg or pdf."""
    buffer = io.BytesIO()
    with matplotlib.style.context(STYLE, after_reset=True):
        figure.savefig(buffer, format=form, dpi=DPI, metadata=METADATA[form])
    return buffer.getvalue()


def panels_of(figure: Figure) -> tuple[Panel, ...]:
    """Return each panel of a figure as a picture of its own, so that a page can put them where there is room."""
    with matplotlib.style.context(STYLE, after_reset=True):
        if figure.get_suptitle():
            figure.suptitle("")  # a page has a title
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # all stays where it is
        drawn = [
            [axes, *(each for each in figure.axes if each.get_label() == SCALE + axes.get_title(loc="left"))]
            for axes in figure.axes
            if not str(axes.get_label()).startswith(SCALE)
        ]
        boxes = [Bbox.union([panels.extent(each) for each in parts]) for parts in drawn]
        width = max(box.width for box in boxes)  # of all, or one that is narrow would be shown larger than others
        wide = [Bbox.from_bounds(box.x0, box.y0, width, box.height) for box in boxes]
        return tuple(_panel(figure, parts, box) for parts, box in zip(drawn, wide, strict=True))


def _panel(figure: Figure, own: list[Axes], box: Bbox) -> Panel:
    """Return a panel, which may be of several axes, as it stands in this box of the figure."""
    for each in figure.axes:
        each.set_visible(each in own)
    box = box.transformed(figure.dpi_scale_trans.inverted()).padded(0.08)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", bbox_inches=box, metadata=METADATA["svg"])
    document = buffer.getvalue().decode()
    return Panel(document[document.index("<svg") :], str(own[0].get_label()))


def due_values(exercise: Exercise) -> DueValues:
    """Return what a drawing of an exercise measures a submission by; in a student kit this has been written down."""
    written_down = Path(__file__).with_name(f"{exercise.name}.json")
    try:
        known = json.loads(written_down.read_bytes()) if written_down.is_file() else None
    except UNREADABLE as error:
        raise unreadable(written_down, error) from error
    return DueValues(collect(exercise).oracles, known)


def figure_of(
    exercise: Exercise, submission: Submission, fork_server: ForkServer, size: tuple[float, float] = SIZE
) -> Figure:
    """Run the submission's functions and return the figure; a file that cannot be loaded gives one that says so."""
    torch.set_num_threads(1)  # the matrices are tiny, and threads that wait for each other take ten times as long
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12, wspace=0.04, hspace=0.04)
    title = panels.shown(f"{exercise.name}: {exercise.title} – {submission.path.name}", 110)
    # A user's own settings of matplotlib are not ours.
    with (
        matplotlib.style.context(STYLE, after_reset=True),
        Session(fork_server, exercise, submission, Limits()) as session,
    ):
        figure = Figure(figsize=size, layout=layout)
        FigureCanvasAgg(figure)  # which needs no display
        figure.suptitle(title, fontsize=12, fontweight="bold", parse_math=False)
        if session.problem is not None:
            figure.set_figheight(panels.ONE_ROW)
            why = f"the file cannot be loaded: {session.problem.text}"
            panels.empty(figure.subplots(), "What the file does", why)
        else:
            drawing = importlib.import_module(f"autograder.report.plots.{exercise.name}")
            drawing.draw(figure, DrawnSubmission(session, due_values(exercise)), exercise.kit / "datasets")
    return figure
