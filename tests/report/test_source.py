"""A submission's code on a page: what is in question is marked, all is escaped and bounded, and can be read again."""

from dataclasses import replace
from pathlib import Path

import pytest
from example_reports import SUBMISSION, check, report

from autograder.model import Cell, Report, Violation, message
from autograder.report import html
from autograder.report.source import LONGEST_LINE, MOST_LINES, lines_of, shown, span_of

CODE = "def forward(p, x):\n    return x.backward()\n\n\ndef loss(y_pred, y):\n    return 0 < 1 & 2\n# end\n"
FAILED = report(check("loss", "failed", points=2))


def handed_in(*codes: str, violations: tuple[Violation, ...] = (), is_notebook: bool = False) -> Report:
    cells = tuple(Cell(f"cell {at}" if is_notebook else "exercise2.py", code) for at, code in enumerate(codes, 1))
    return replace(FAILED, submission=replace(SUBMISSION, cells=cells, is_notebook=is_notebook), violations=violations)


def marks(shown_report: Report) -> dict[str, str]:
    return {line.text: line.mark for cell in shown(shown_report).cells for line in cell.lines if line.mark}


def test_lines_of_what_fails_and_of_breaches_are_marked() -> None:
    breach = Violation("by-hand", "forward", 2, message("not by hand"))
    wrong = {"def loss(y_pred, y):": "wrong", "    return 0 < 1 & 2": "wrong"}
    assert marks(handed_in(CODE, violations=(breach,))) == {"    return x.backward()": "breach", **wrong}
    assert marks(handed_in(CODE, violations=(replace(breach, line=99),))) == wrong
    assert not shown(replace(handed_in("a = 1"), functions=())).is_marked


def test_a_breach_in_a_notebook_is_in_the_cell_that_it_names() -> None:
    breach = Violation("by-hand", "loss", 1, message("{cell}: {text}", cell="cell 2", text="not by hand"))
    assert marks(handed_in("a = 1", "b = 2", violations=(breach,), is_notebook=True)) == {"b = 2": "breach"}
    gone = replace(breach, text=message("{cell}: {text}", cell="cell 9", text="not by hand"))
    assert marks(handed_in("a = 1", "b = 2", violations=(gone,), is_notebook=True)) == {}


def test_a_page_gives_the_lines_back() -> None:
    page = html.render(handed_in(CODE, "a = '</li></ol><script>'"), with_source=True)
    in_folder = replace(handed_in(CODE), submission=replace(handed_in(CODE).submission, path=Path("ann/exercise2.py")))
    assert lines_of(page) == [*CODE.rstrip().split("\n"), "a = '</li></ol><script>'"]
    assert "<script" not in page
    assert "ann/" not in html.render(in_folder, with_source=True)
    assert lines_of(html.render(handed_in(CODE))) == []


@pytest.mark.parametrize("codes", [("x = 1\n" * 2 * MOST_LINES,), ("x = 1\n" * MOST_LINES,) * 3])
def test_a_long_file_is_cut_and_says_so(codes: tuple[str, ...]) -> None:
    page = html.render(handed_in(*codes), with_source=True)
    assert len(lines_of(page)) == MOST_LINES
    assert f"and {(len(codes) - 1 or 1) * MOST_LINES} more lines" in page
    assert len(lines_of(html.render(handed_in("x" * 9999), with_source=True))[0]) == LONGEST_LINE + 1


def test_the_last_definition_is_meant() -> None:
    twice = handed_in("def loss(a):\n    pass\n", "x = 1\ndef loss(b):\n    pass\n", is_notebook=True)
    function = next(one for one in twice.functions if one.name == "loss")
    assert span_of(twice, function) == (1, 1, 3)
    assert span_of(handed_in("x = 1"), function) is None
