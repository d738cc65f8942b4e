"""`grade --read`: the exercise as a page, in the browser where there is one."""

import webbrowser

import pytest
from small_kit import small_kit

from autograder.cli import grade, reading


@pytest.fixture
def work(tmp_path, monkeypatch):
    kit = small_kit(tmp_path / "kit", monkeypatch, "halves")
    monkeypatch.chdir(kit)
    return kit


@pytest.mark.parametrize(("there", "said"), [(True, "It opens in your browser."), (False, "Open it in a browser.")])
def test_it_says_where_the_page_is(work, capsys, monkeypatch, there, said):
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or True)
    monkeypatch.setattr(reading, "has_browser", lambda: there)
    assert grade.run(["halves", "--read"]) == 0
    page = work / "exercises" / "halves.html"
    assert capsys.readouterr().out == f"halves as a page: exercises/halves.html\n{said}\n"
    assert "<b>half</b>" in page.read_text()
    assert opened == ([page.as_uri()] if there else [])


def test_elsewhere(work, capsys, monkeypatch, fails):
    monkeypatch.setattr(reading, "has_browser", lambda: False)
    assert grade.run(["halves", "--read", "--output", "page.html"]) == 0
    assert (work / "page.html").is_file()
    assert "there is no folder nowhere" in fails(2, "halves", "--read", "--output", "nowhere/page.html")
    assert "leave out" in fails(2, "halves", "--read", "--watch")


@pytest.mark.parametrize(
    ("name", "there"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("BROWSER", True), ("", False)]
)
def test_a_browser_in_the_terminal_is_none(monkeypatch, name, there):
    monkeypatch.setattr("sys.platform", "linux")
    for each in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(each, raising=False)
    if name:
        monkeypatch.setenv(name, "x")
    assert reading.has_browser() is there
