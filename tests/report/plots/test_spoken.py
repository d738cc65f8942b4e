"""Formulas in words."""

import pytest
from places import KIT

from autograder.authoring import catalog
from autograder.report.plots.formulas import formulas
from autograder.report.plots.spoken import spoken


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\hat{y}_i = a x_i + b", "y hat sub i equals a x sub i plus b"),
        (r"L = \frac{1}{2} \sum_{i=1}^{n} r_i^2", "L equals one half the sum over i from 1 to n of r sub i squared"),
        (
            r"\frac{\partial L}{\partial W_{ij}} = \sum_k \delta_{ik} A_{kj}",
            "the derivative of L with respect to W sub ij equals the sum over k of delta sub ik A sub kj",
        ),
        (r"a \leftarrow a - \eta_a \frac{\partial L}{\partial a}",
         "a becomes a minus eta sub a the derivative of L with respect to a"),
        (r"A_l = A_{l-1} W_l^\top + b_l", "A sub l equals A sub l minus 1 W sub l transposed plus b sub l"),
        (r"\text{layer one}: g(x)", "layer one : g(x)"),
        (r"\frac{x + 1}{n}", "x plus 1 over n"),
        (r"\odd{a^{b", "odd a b"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_formula_in_words(tex: str, words: str) -> None:
    assert spoken(tex) == words


@pytest.mark.parametrize("name", [each.name for each in catalog.exercises(KIT)])
def test_no_formula_of_the_prose_leaves_signs_that_are_not_words(name: str) -> None:
    for found in formulas(catalog.find_exercise(KIT, name)).values():
        for formula in found:
            assert not set(formula.words) & set("\\{}$_^&="), formula.words
