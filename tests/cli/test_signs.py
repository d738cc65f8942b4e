"""What a terminal shows that has not all signs."""

import pytest
from example_reports import EXAMPLES

from autograder.cli import signs
from autograder.report import text


def shown(line: str, encoding: str = "ascii") -> str:
    return line.encode(encoding, signs.register()).decode(encoding)


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("✔ predict      2 / 2", "ok predict     2 / 2"),
        ("    ✘ gives a·x", "    -- gives a*x"),
        ("· loss — not written yet    0 / 3", ".. loss - not written yet   0 / 3"),
        ("\x1b[2m· \x1b[0mloss", "\x1b[2m.. \x1b[0mloss"),
        ("∂L/∂a₁ = Σ rᵢ·xᵢ", "dL/da1 = sum r_i*x_i"),
        ("½ Σ (ŷ − y)²", "1/2 sum (y^ - y)^2"),
        ("é 漢", "e ?"),
        ("plain", "plain"),
        ("a …\n✔ b", "a ...\nok b"),
    ],
)
def test_signs_in_ascii(line: str, plain: str) -> None:
    assert shown(line) == plain


def test_what_an_encoding_has_stays() -> None:
    assert shown("✔ ½ · 2 → 3", "latin-1") == "ok ½ · 2 -> 3"


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_report_has_a_question_mark_in_place_of_a_sign(name: str) -> None:
    report = text.render(EXAMPLES[name], width=80, color=False, in_full=True)
    lines, plain = report.split("\n"), shown(report).split("\n")
    assert len(lines) == len(plain)
    if name != "hostile":
        assert shown(report).count("?") == report.count("?")
        rows = [line for line in plain if line[:2] in ("ok", "--", "..")]
        assert all(len(row) <= 80 for row in rows)
