"""The picture of exercise 6."""

from places import CORPUS
from plotted import figure, lines, panel

RIGHT = (CORPUS / "right" / "exercise6" / "plain.py").read_text(encoding="utf-8")


def test_each_step_has_its_path(fork_server):
    drawn = lines(figure(fork_server, "exercise6", RIGHT), "The loss")
    assert {len(line.get_ydata()) for line in drawn.values()} == {61}


def test_what_is_not_written_is_said(fork_server):
    drawn = figure(fork_server, "exercise6", "")
    assert "there is no `adam_step` in the file" in panel(drawn, "Your steps")
