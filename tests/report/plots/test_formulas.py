"""Formulas of the prose as SVG."""

import dataclasses
from pathlib import Path

import pytest
from pages import Page
from places import KIT

from autograder.authoring import catalog
from autograder.report.plots.formulas import Formula, formulas


def of_stub(folder: Path, text: str) -> dict[str, tuple[Formula, ...]]:
    """The formulas of exercise 1 whose stub is this text."""
    stub = folder / "exercise1.py"
    stub.write_text(text, encoding="utf-8")
    return formulas(dataclasses.replace(catalog.find_exercise(KIT, "exercise1"), stub=stub))


@pytest.mark.parametrize("name", ["exercise1", "exercise2", "exercise3", "exercise4"])
def test_every_displayed_formula_of_the_prose_can_be_drawn(name: str) -> None:
    exercise = catalog.find_exercise(KIT, name)
    found = formulas(exercise)
    assert found.keys() <= dict(exercise.functions).keys()
    assert sum(len(of_one) for of_one in found.values()) >= 2
    for formula in (formula for of_one in found.values() for formula in of_one):
        assert formula.svg.startswith("<svg"), formula.tex
        assert "currentColor" in formula.svg
        assert Page(formula.svg).values("id") == []


def test_a_formula_belongs_to_the_function_of_its_section(tmp_path: Path) -> None:
    prose = "# %% [markdown]\n# $$a\n#   = b$$\n# %% [markdown]\n# $$c \\qquad d$$ $$ $$\n"
    code = "# %%\ndef helper():\n    ...\ndef loss(): ...\n"
    code += "# %% [markdown]\n# **In one line**\n#\n# $$e$$\n# %%\ndef update(): ...\n"
    found = of_stub(tmp_path, prose + code)
    assert {name: [formula.tex for formula in of_one] for name, of_one in found.items()} == {
        "loss": ["a = b", "c", "d", "e"],
        "update": [],
    }


@pytest.mark.parametrize(
    "tex", [r"\odd", r"\frac{1}", "{" * 200, r"\hspace{-3}", r"\hspace{1e9} x", "x " * 400, "漢", r"a^{b", "a$b"]
)
def test_a_formula_that_cannot_be_drawn_is_text(tex: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    found = of_stub(tmp_path, f"# %% [markdown]\n# $${tex}$$\n# %%\ndef loss(): ...\n")
    assert found == {"loss": (Formula(" ".join(tex.split()), ""),)}
    assert not caplog.records


def test_formulas_of_a_stub_that_cannot_be_read(tmp_path: Path) -> None:
    exercise = dataclasses.replace(catalog.find_exercise(KIT, "exercise1"), stub=tmp_path / "gone.py")
    assert formulas(exercise) == {}
