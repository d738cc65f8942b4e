"""The HTML page: what it says, that it needs nothing from outside, and that nothing of a student's becomes markup."""

import dataclasses
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from example_reports import ERRORED, HOSTILE, RIGHT, STUB, UNLOADABLE, WRONG

from autograder import catalog
from autograder.cli import grade
from autograder.model import Report
from autograder.plots.formulas import Formula, formulas
from autograder.report import html, words

KIT = Path(__file__).resolve().parents[1]
REPORTS = {
    "right": RIGHT,
    "wrong": WRONG,
    "stub": STUB,
    "unloadable": UNLOADABLE,
    "errored": ERRORED,
    "hostile": HOSTILE,
}
VOID = {"meta", "br", "use", "path", "rect", "link"}
CHROMIUM = shutil.which("chromium")


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in order; keeps the text and the elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", REPORTS)
def test_every_page_is_whole_and_needs_nothing_from_outside(name: str) -> None:
    page = Page(html.render(REPORTS[name]))
    assert page.names.count("h1") == 1
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.names)
    assert not [value for key, value in page.attributes if key in ("src", "href", "onload", "onerror")]
    assert "url(" not in html.render(REPORTS[name])


@pytest.mark.parametrize("name", REPORTS)
def test_it_says_what_the_terminal_says(name: str) -> None:
    report: Report = REPORTS[name]
    text = " ".join(Page(html.render(report)).text.split())
    assert f"{report.score} / {report.max_score}" in text
    for label, what in words.next_steps(report, None):
        assert f"{label}: {' '.join(what.split())}" in text
    if report.problem is None:
        for function in report.functions:
            assert f"{function.score} / {function.max_score}" in text


def test_the_first_failure_of_a_function_speaks_with_its_question() -> None:
    text = Page(html.render(WRONG)).text
    spoken = {}
    for result in WRONG.checks:
        if result.outcome == "failed":
            spoken.setdefault(result.check.function, result)
    for result in spoken.values():
        if result.evidence is None or result.evidence.case:
            assert result.check.summary in text
            assert result.check.hint in text


def test_a_fresh_stub_is_greeted() -> None:
    assert words.WELCOME in Page(html.render(STUB)).text


def test_a_students_text_is_never_markup() -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=1>\x1b[31m\u202e"
    submission = dataclasses.replace(HOSTILE.submission, student=evil, path=Path("a<b>&.py"))
    report = dataclasses.replace(HOSTILE, submission=submission, printed=f"{evil}\n")
    page = Page(html.render(report))
    assert "script" not in page.names
    assert "img" not in page.names
    assert "\x1b" not in page.text
    assert "\u202e" not in page.text
    assert "alert(1)" in page.text


def test_formulas_and_picture_are_put_in() -> None:
    drawn = {"forward": (Formula("a < b", '<svg viewBox="0 0 1 1"></svg>'), Formula(r"\odd < x", ""))}
    page = html.render(RIGHT, formulas=drawn, picture='<svg class="picture"></svg>')
    assert 'aria-label="a &lt; b"' in page
    assert r"<code>\odd &lt; x</code>" in page
    assert '<svg class="picture"></svg>' in page


@pytest.mark.parametrize("name", ["exercise1", "exercise2", "exercise3", "exercise4"])
def test_every_displayed_formula_of_the_prose_can_be_drawn(name: str) -> None:
    exercise = catalog.find_exercise(KIT, name)
    found = formulas(exercise)
    assert found.keys() <= dict(exercise.functions).keys()
    assert sum(len(of_one) for of_one in found.values()) >= 2
    for formula in (formula for of_one in found.values() for formula in of_one):
        assert formula.svg.startswith("<svg"), formula.tex
        assert "currentColor" in formula.svg
        Page(formula.svg)


def test_formulas_of_a_stub_that_cannot_be_read(tmp_path: Path) -> None:
    exercise = dataclasses.replace(catalog.find_exercise(KIT, "exercise1"), stub=tmp_path / "gone.py")
    assert formulas(exercise) == {}


def test_grade_writes_the_page_with_picture_and_formulas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platformdirs.user_state_dir", lambda name: str(tmp_path / name))
    monkeypatch.chdir(KIT)
    report = tmp_path / "report.html"
    solution = "solutions/exercise2.py"
    assert grade.run(["exercise2", solution, "--format", "html", "--output", str(report)]) == 0
    page = report.read_text(encoding="utf-8")
    assert Page(page).names.count("svg") > 5
    assert "The way down" in page
    assert not re.search(r"(?:href|src)=[\"']?(?!#)[a-z]+:", page.replace("xlink:href", "href"))


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("width", [400, 1200])
def test_a_browser_shows_it_without_complaint(width: int, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html.render(WRONG), encoding="utf-8")
    quiet = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    more = f"--disable-sync --no-first-run --enable-logging=stderr --v=0 --window-size={width},2000"
    options = [*quiet.split(), *more.split(), f"--user-data-dir={tmp_path / 'profile'}"]
    shot = tmp_path / "shot.png"
    done = subprocess.run(
        [str(CHROMIUM), *options, f"--screenshot={shot}", page.as_uri()], capture_output=True, text=True, check=True
    )
    assert shot.read_bytes().startswith(b"\x89PNG")
    assert "CONSOLE" not in done.stderr
