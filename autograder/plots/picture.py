"""A submission's picture as a figure and as bytes, the same bytes for the same numbers, without a display."""

from __future__ import annotations

import importlib
import io

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from autograder.exercise import Exercise
from autograder.host.template import Template
from autograder.model import Limits, Submission
from autograder.plots import panels
from autograder.plots.student import Student
from autograder.session import Session

SIZE = (11.0, 8.6)  # inches
DPI = 150
# What each format would otherwise say about when and with what it was made.
METADATA: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
STYLE = {
    "font.family": "DejaVu Sans",  # which matplotlib brings along
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "backprop-exercises",
}


def image(exercise: Exercise, submission: Submission, template: Template, form: str) -> bytes:
    """Return the picture as a file of the given format: png, svg or pdf."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a user's own settings are not ours
        matplotlib.rcParams.update(STYLE)
        buffer = io.BytesIO()
        figure = figure_of(exercise, submission, template)
        figure.savefig(buffer, format=form, dpi=DPI, metadata=METADATA[form])
    return buffer.getvalue()


def figure_of(exercise: Exercise, submission: Submission, template: Template) -> Figure:
    """Run the submission's functions and return the figure; a file that cannot be loaded gives one that says so."""
    figure = Figure(figsize=SIZE, layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12, wspace=0.04, hspace=0.04)  # type: ignore[union-attr]
    title = f"{exercise.name}: {exercise.title} – {submission.path.name}"
    figure.suptitle(panels.shown(title, 110), fontsize=12, fontweight="bold", parse_math=False)
    with Session(template, exercise, submission, Limits()) as session:
        if session.problem is not None:
            why = f"the file cannot be loaded: {session.problem.text}"
            panels.empty(figure.subplots(), "What the file does", why)
        else:
            drawing = importlib.import_module(f"autograder.plots.{exercise.name}")
            drawing.draw(figure, Student(session, submission), exercise.kit / "datasets")
    return figure
