"""The picture of exercise 7."""

import pytest
from places import CORPUS
from plotted import figure, lines, panel

RIGHT = (CORPUS / "right" / "exercise7" / "plain.py").read_text(encoding="utf-8")


def test_what_is_right_lies_on_what_is_expected(fork_server):
    drawn = lines(figure(fork_server, "exercise7", RIGHT), "The loss")
    assert drawn["yours"].get_ydata() == pytest.approx(drawn["expected"].get_ydata())


def test_what_is_not_written_is_said(fork_server):
    assert "there is no `softmax` in the file" in panel(figure(fork_server, "exercise7", ""), "Shares")
