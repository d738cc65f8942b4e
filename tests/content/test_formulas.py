"""No formula in the prose is wrong: SymPy derives each one again from the loss, for small n and symbolic values."""

import re

import pytest
import sympy
from notation import World, fault, formulas, prose
from places import KIT
from sympy import Expr, ImmutableMatrix, Symbol

from solutions import FUNCTIONS, facts, source

N = 3  # 2 would hide a missing 2/n
WIDTHS = (1, 4, 2, 2)  # of the input and of three layers: more than one shape, and a square one
BENT = (1, 3, 2)  # where there are bends: fewer, for each is a symbol more a number
SAMPLES = range(1, N + 1)
# About any functions and not about a model of the kit.
GENERAL = {
    r"\frac{dz}{dt} = \frac{dz}{du} \cdot \frac{du}{dt}",
    # Bends, which the notation does not have, and a spread; `course check` holds what they say against autograd.
    r"\mathrm{relu}(z) = \max(0, z)",
    "z > 0",
    r"u \cdot [z > 0]",
    r"\tanh |z| = (1 - e^{-2|z|}) / (1 + e^{-2|z|})",
    r"u \cdot (1 - \tanh^2 z)",
    r"A_l = \mathrm{relu}(A_{l-1} W_l^\top + b_l)",
    r"\delta_{l-1} = (\delta_l W_l) \odot [Z_{l-1} > 0]",
    r"\sigma^2 = 2 / d_{in}",
    r"W = \mathcal{N} \cdot \sqrt{2 / d_{in}}",
}


def half_sum(residuals: list[Expr]) -> Expr:
    return sum((residual**2 for residual in residuals), sympy.Integer(0)) / 2


def vector(name: str) -> dict[int, Symbol]:
    return {i: Symbol(f"{name}{i}") for i in SAMPLES}


def one_layer() -> World:
    x, y, y_pred, a, b = vector("x"), vector("y"), vector("p"), Symbol("a"), Symbol("b")
    loss = half_sum([y_pred[i] - y[i] for i in SAMPLES])
    return World(
        definitions={Symbol("L"): loss, **{y_pred[i]: a * x[i] + b for i in SAMPLES}},
        named={
            "L": Symbol("L"),
            "a": a,
            "b": b,
            "n": sympy.Integer(N),
            r"\eta_a": Symbol("eta_a"),
            r"\eta_b": Symbol("eta_b"),
            r"\lambda": sum(x[i] ** 2 for i in SAMPLES),
        },
        indexed={"x_i": x.get, "y_i": y.get, r"\hat{y}_i": y_pred.get, "r_i": lambda i: y_pred[i] - y[i]},
        ranges={"i": tuple(SAMPLES)},
    )


def two_layers() -> World:
    x, y, g, y_pred = (vector(name) for name in ("x", "y", "g", "p"))
    a1, b1, a2, b2 = (Symbol(name) for name in ("a1", "b1", "a2", "b2"))
    any_x = Symbol("x")
    loss = half_sum([y_pred[i] - y[i] for i in SAMPLES])
    return World(
        definitions={
            Symbol("L"): loss,
            Symbol("MSE"): 2 * loss / N,
            **{y_pred[i]: a2 * g[i] + b2 for i in SAMPLES},
            **{g[i]: a1 * x[i] + b1 for i in SAMPLES},
        },
        named={
            "L": Symbol("L"),
            r"\mathrm{MSE}": Symbol("MSE"),
            "a_1": a1,
            "b_1": b1,
            "a_2": a2,
            "b_2": b2,
            "n": sympy.Integer(N),
            # Of the single line that both layers amount to.
            r"\hat{y}": a2 * (a1 * any_x + b1) + b2,
            "x": any_x,
            "a": a1 * a2,
            "b": a2 * b1 + b2,
        },
        indexed={
            "x_i": x.get,
            "y_i": y.get,
            "g_i": g.get,
            r"\hat{y}_i": y_pred.get,
            "r_i": lambda i: y_pred[i] - y[i],
            r"\theta": Symbol,
            r"\eta_\theta": lambda name: Symbol(f"eta_{name}"),
        },
        ranges={"i": tuple(SAMPLES), r"\theta": ("a1", "b1", "a2", "b2")},
    )


def matrix(name: str, rows: int, columns: int) -> ImmutableMatrix:
    return ImmutableMatrix(rows, columns, lambda i, k: Symbol(f"{name}{i + 1}{k + 1}"))


def entries(of: ImmutableMatrix) -> object:
    return lambda row, column: of[row - 1, column - 1]


def many_layers() -> World:
    last = len(WIDTHS) - 1
    activations = [matrix(f"A{layer}", N, width) for layer, width in enumerate(WIDTHS)]
    weights = [None, *(matrix(f"W{layer}", WIDTHS[layer], WIDTHS[layer - 1]) for layer in range(1, last + 1))]
    biases = [None, *(matrix(f"b{layer}", 1, width) for layer, width in enumerate(WIDTHS) if layer)]
    truth = matrix("Y", N, WIDTHS[-1])
    definitions = {Symbol("L"): half_sum(list(activations[last] - truth))}
    for layer in range(1, last + 1):
        ones = ImmutableMatrix.ones(N, 1)
        output = activations[layer - 1] * weights[layer].T + ones * biases[layer]
        definitions |= dict(zip(activations[layer], output, strict=True))
    bare = World(definitions, {}, {}, {})
    deltas = [bare.derive(Symbol("L"), outputs) for outputs in activations]
    middle = 2  # the layer that is looked at by itself; not square
    A, Z, W, b, delta = activations[middle - 1], activations[middle], weights[middle], biases[middle], deltas[middle]
    d_in, d_out = WIDTHS[middle - 1], WIDTHS[middle]
    return World(
        definitions,
        named={
            "L": Symbol("L"),
            "n": sympy.Integer(N),
            "X": activations[0],
            "A_0": activations[0],
            "Y": truth,
            r"\eta": Symbol("eta"),
            "d_m": sympy.Integer(WIDTHS[-1]),
            "d_in": sympy.Integer(d_in),
            "d_out": sympy.Integer(d_out),
            "A": A,
            "Z": Z,
            "W": W,
            r"\delta": delta,
        },
        indexed={
            "A_l": activations.__getitem__,
            "W_l": weights.__getitem__,
            "b_l": biases.__getitem__,
            r"\delta_l": deltas.__getitem__,
            "A_ij": entries(A),
            "Z_ik": entries(Z),
            "W_kj": entries(W),
            "b_k": lambda k: b[0, k - 1],
            r"\delta_ik": entries(delta),
        },
        ranges={
            "i": tuple(SAMPLES),
            "j": tuple(range(1, d_in + 1)),
            "k": tuple(range(1, d_out + 1)),
            "l": tuple(range(1, last + 1)),
            "m": (last,),
        },
        aliases={"m": "l"},
    )


def bent_layers() -> World:
    """relu as a factor for each number, 1 or 0; a = relu(z) above 0, and t = tanh(z) = s / c."""
    last, z = len(BENT) - 1, Symbol("z")
    layers = range(1, last + 1)
    activations = [matrix(f"A{layer}", N, width) for layer, width in enumerate(BENT)]
    before = [None, *(matrix(f"Z{layer}", N, BENT[layer]) for layer in layers)]
    weights = [None, *(matrix(f"W{layer}", BENT[layer], BENT[layer - 1]) for layer in layers)]
    biases = [None, *(matrix(f"b{layer}", 1, BENT[layer]) for layer in layers)]
    truth, ones = matrix("Y", N, BENT[-1]), ImmutableMatrix.ones(N, 1)
    s, c = sympy.exp(z) - sympy.exp(-z), sympy.exp(z) + sympy.exp(-z)
    definitions = {Symbol("L"): half_sum(list(activations[last] - truth)), Symbol("a"): z, Symbol("t"): s / c}
    for layer in layers:
        output = activations[layer - 1] * weights[layer].T + ones * biases[layer]
        definitions |= dict(zip(before[layer], output, strict=True))
        passes = matrix(f"M{layer}", N, BENT[layer]) if layer < last else ImmutableMatrix.ones(N, BENT[layer])
        bent = before[layer].multiply_elementwise(passes)
        definitions |= dict(zip(activations[layer], bent, strict=True))
    bare = World(definitions, {}, {}, {})
    deltas = [None, *(bare.derive(Symbol("L"), before[layer]) for layer in layers)]
    names = {name: Symbol(name) for name in "Lazt"} | {"s": s, "c": c, r"\eta": Symbol("eta"), "Y": truth}
    return World(
        definitions,
        named={**names, "n": sympy.Integer(N)},
        indexed={
            "A_l": activations.__getitem__,
            "Z_l": before.__getitem__,
            "W_l": weights.__getitem__,
            "b_l": biases.__getitem__,
            r"\delta_l": deltas.__getitem__,
            "b_k": lambda k: biases[1][0, k - 1],
            r"\delta_ik": entries(deltas[1]),
        },
        ranges={"i": tuple(SAMPLES), "k": (1, 2, 3), "l": tuple(layers), "m": (last,)},
        aliases={"m": "l"},
    )


WORLDS = {
    "exercise1": one_layer(),
    "exercise2": two_layers(),
    "exercise3": two_layers(),
    "exercise4": many_layers(),
    "exercise5": bent_layers(),
}
# The derivatives that each exercise is about: they may not vanish from its prose.
TAUGHT = {
    "exercise1": ["L/a", "L/b"],
    "exercise2": ["L/a_1", "L/b_1", "L/a_2", "L/b_2"],
    "exercise3": [r"\mathrm{MSE}/\theta"],
    "exercise5": ["a/z", "t/z", "L/Z_m", "L/b_k", "L/W_l"],
    "exercise4": ["L/A_m", "L/W_{kj}", "L/W", "L/b_k", "L/A_{ij}", "L/A", "L/W_l", "L/A_{l-1}"],
}
# In each exercise, wrong formulas made of right ones, and what is wrong with them.
MISTAKES = {
    "exercise1": [
        ("r_i x_i", "x_i", "x without the residual"),
        (r"\sum_{i=1}^{n} r_i x_i", r"\sum_{i=1}^{n} r_i", "x forgotten"),
        (r"\frac{\partial L}{\partial a} = ", r"\frac{\partial L}{\partial a} = \frac{1}{n}", "mean for sum"),
        (r"\frac{\partial L}{\partial b} = ", r"\frac{\partial L}{\partial b} = 2", "half dropped"),
        (r"a - \eta_a", r"a + \eta_a", "uphill"),
        (r"b - \eta_b", r"b - \eta_a", "the other's learning rate"),
        (r"\eta_b \frac{\partial L}{\partial b}", r"\eta_b \frac{\partial L}{\partial a}", "the other's gradient"),
        (r"\frac{\partial^2 L}{\partial a^2}", r"\frac{\partial L}{\partial a}", "first for second derivative"),
        (r"\sum_{i=1}^{n} x_i^2", r"\sum_{i=1}^{n} x_i", "not squared"),
        ("`∂L/∂a = Σ rᵢ·xᵢ`", "`∂L/∂a = Σ rᵢ`", "in a plain line"),
        ("a − η_a·∂L/∂a", "a + η_a·∂L/∂a", "in a plain line, uphill"),
    ],
    "exercise2": [
        (r"\frac{\partial L}{\partial a_2} = ", r"\frac{\partial L}{\partial a_1} = ", "the source text's slip"),
        (r"\sum_{i=1}^{n} r_i g_i", r"\sum_{i=1}^{n} r_i x_i", "the wrong layer's input"),
        ("r_i a_2 x_i", "r_i x_i", "upstream factor missing"),
        ("r_i a_2 x_i", "r_i a_1 x_i", "the wrong factor"),
        ("r_i a_2$$", "r_i a_2 a_2$$", "the factor twice"),
        (r"\frac{\partial g_i}{\partial b_1}", r"\frac{\partial g_i}{\partial a_1}", "the wrong inner derivative"),
        (r"\theta - \eta_\theta", r"\theta + \eta_\theta", "uphill"),
        ("Σ rᵢ·a₂·xᵢ", "Σ rᵢ·xᵢ", "in a plain line"),
    ],
    "exercise3": [
        (r"\frac{2}{n} \frac", r"\frac{1}{n} \frac", "the 2 of the mean lost"),
        (r"= \frac{2}{n} \frac{\partial L}", r"= \frac{\partial L}", "the mean lost from the gradient"),
        (r"\frac{2}{n} L", r"\frac{2}{n} n L", "the mean lost"),
    ],
    "exercise5": [
        ("= A_m - Y", "= Y - A_m", "sign flipped"),
        (r"\frac{c^2 - s^2}{c^2}", r"\frac{c^2 + s^2}{c^2}", "a sum for a difference"),
        (r"\delta_l^\top A_{l-1}$$", r"\delta_l^\top A_l$$", "the output for the input"),
        (r"W_l - \eta", r"W_l + \eta", "uphill"),
    ],
    "exercise4": [
        ("= A_m - Y", "= Y - A_m", "sign flipped"),
        (r"\delta_{ik} A_{ij}", r"\delta_{ik}", "the input forgotten"),
        (r"\sum_{i=1}^{n} \delta_{ik}$$", r"\frac{1}{n} \sum_{i=1}^{n} \delta_{ik}$$", "bias averaged"),
        (r"\sum_{k=1}^{d_{out}} \delta_{ik} W_{kj}", r"\delta_{ik} W_{kj}", "one way only"),
        (r"\delta^\top A ", r"A^\top \delta ", "transposed"),
        ("`∂L/∂bₖ = Σ δᵢₖ`", "`∂L/∂bₖ = Σ δᵢⱼ`", "a wrong index in the plain line"),
        (r"\delta W$$", r"\delta W^\top$$", "transposed"),
        (r"\delta_l^\top A_{l-1}", r"\delta_l^\top A_l", "the output for the input"),
        (r"\delta_l W_l", r"\delta_{l-1} W_l", "the wrong layer's delta"),
        (r"W_l - \eta", r"W_l + \eta", "uphill"),
        (r"\frac{\partial L}{\partial b_l}$$", r"\frac{\partial L}{\partial W_l}$$", "the other's gradient"),
    ],
}
PAGE = (KIT / "docs" / "source_text.md").read_text(encoding="utf-8")


def found(text: str) -> list[str]:
    # g is a function there, to say that g(x_1) and g(x_2) are two; here its values are enough.
    return [equation for equation in formulas(text.replace("g(x_i)", "g_i")) if equation not in GENERAL]


def faults(name: str, text: str) -> list[str]:
    return list(filter(None, (fault(equation, WORLDS[name]) for equation in found(text))))


# The prose as it stands


def test_every_exercise_is_covered() -> None:
    elsewhere = {name for name in FUNCTIONS if facts(name)}  # with numbers, in test_facts
    assert sorted({*WORLDS, *elsewhere}) == sorted(path.stem for path in (KIT / "solutions").glob("*.py"))


@pytest.mark.parametrize("name", WORLDS)
def test_every_formula_follows_from_the_loss(name: str) -> None:
    assert faults(name, source(name)) == []


@pytest.mark.parametrize(("name", "derivative"), [(name, each) for name, taught in TAUGHT.items() for each in taught])
def test_the_derivatives_of_the_exercise_are_there(name: str, derivative: str) -> None:
    of, by = derivative.split("/")
    left_side = rf"\frac{{\partial {of}}}{{\partial {by}}}"
    assert any(re.search(re.escape(left_side) + r"\s*=", equation) for equation in found(source(name)))


@pytest.mark.parametrize("name", WORLDS)
def test_no_derivative_escapes(name: str) -> None:
    text = source(name)
    examined = sum(equation.count(r"\partial") for equation in found(text))
    assert examined == text.count(r"\partial") + prose(text).count("∂") > 0


# The prose with a mistake in it


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        pytest.param(name, right, wrong, id=f"{name}: {why}")
        for name, mistakes in MISTAKES.items()
        for right, wrong, why in mistakes
    ],
)
def test_a_wrong_formula_is_found(name: str, right: str, wrong: str) -> None:
    mutated = source(name).replace(right, wrong, 1)
    assert mutated != source(name)
    assert len(faults(name, mutated)) == 1


@pytest.mark.parametrize("name", WORLDS)
def test_every_equation_is_worked_out(name: str) -> None:
    for equation in found(source(name)):
        *left, right = re.split(r"=(?![^{}]*\})", equation)  # not at the = in the limits of a sum
        if left:
            doubled = f"{'='.join(left)} = 2 ({right})"
            assert "not so" in (fault(doubled, WORLDS[name]) or "")


@pytest.mark.parametrize(
    "formula",
    [
        r"$$\frac{\partial L}{\partial c} = \sum_{i=1}^{n} r_i$$",
        r"$$\frac{\partial L}{\partial a} = \sum_{i=1}^{n} r_i \cos x_i$$",
        r"$$\nabla \frac{\partial L}{\partial a}$$",
        r"$\partial L / \partial q$",
        r"$$\frac{\partial L}{\partial x_i} = r_i$$",
        "`∂L/∂a = Σ rᵢ`",
    ],
)
def test_a_new_formula_is_no_silent_pass(formula: str) -> None:
    assert len(faults("exercise1", f"{source('exercise1')}\n# {formula}\n")) == 1


# The page on the source text


@pytest.mark.parametrize(
    ("section", "name"), [("Formulas: one layer", "exercise1"), ("Formulas: two layers", "exercise2")]
)
def test_what_the_page_calls_right_is_right(section: str, name: str) -> None:
    text = PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    assert len(found(text)) >= 3
    assert faults(name, text) == []


def test_what_the_page_says_is_taught_is_there() -> None:
    places = re.findall(r"exercise (\d), “([^”]+)”", PAGE)
    assert len(places) > 15
    for number, title in places:
        assert f"\n# ## {title}\n" in source(f"exercise{number}")
