"""The picture of exercise 8."""

from places import CORPUS
from plotted import figure, panel

RIGHT = (CORPUS / "right" / "exercise8" / "plain.py").read_text(encoding="utf-8")


def test_each_name_has_its_value_and_its_gradient(fork_server):
    assert "s −0.5 ∂ 3.786" in panel(figure(fork_server, "exercise8", RIGHT), "Your graph")


def test_what_is_not_written_is_said(fork_server):
    shown = panel(figure(fork_server, "exercise8", ""), "Your graph")
    assert "there is no `forward` in the file" in shown
    assert "x ? ∂ ?" in shown
