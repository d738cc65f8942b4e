"""How far a class is: counts, rate and time left."""

import pytest

from autograder.cli.progress import ProgressLines, clock


def test_the_rate_does_not_count_the_start_of_the_graders(monkeypatch):
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    lines = ProgressLines()
    lines.begin(12)
    now = 160.0  # a minute until the first
    texts = []
    for at in range(11):
        lines.graded(type("Row", (), {"raw_score": at, "max_score": 3})())
        texts.append(lines.text)
        now += 0.5
    assert texts[0] == "1/12, 0 of 1 graded with full marks"
    assert texts[-1] == "11/12, 1 of 11 graded with full marks, 2.0/s, 0:00 left"
    lines.known()
    assert lines.text.startswith("12/12, ")
    assert "left" not in lines.text


def test_lines_come_now_and_then_and_at_the_end(monkeypatch, capsys):
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    lines = ProgressLines()
    lines.begin(40)
    for _ in range(40):
        now += 1.0
        lines.known()
    assert capsys.readouterr().err.splitlines() == ["10/40", "20/40", "30/40", "40/40"]


@pytest.mark.parametrize(("seconds", "shown"), [(0.4, "0:00"), (59.6, "1:00"), (3599, "59:59"), (7325, "2:02:05")])
def test_time_left(seconds, shown):
    assert clock(seconds) == shown
