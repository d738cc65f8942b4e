"""The ladders of hints: one for each function, each number worked out again, and nowhere a formula to type in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from places import KIT
from worked import answer, evaluated, python, steps, tensor

from autograder.authoring import catalog
from autograder.cli import hints
from autograder.exercise import Exercise
from autograder.grading.ladders import BLANK, Ladder, read_ladders
from autograder.model import Submission
from solutions import FUNCTIONS, solution, source

EXERCISES = {each.name: each for each in catalog.exercises(KIT)}
LADDERS = {name: read_ladders(each) for name, each in EXERCISES.items()}
RUNGS = [(name, function) for name, ladders in LADDERS.items() for function in ladders]
BY_HAND = [(name, function) for name, function in RUNGS if name in ("exercise1", "exercise2", "exercise4")]
LONGEST = 80  # columns of a terminal


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """A home of our own for what has been shown."""
    monkeypatch.setattr("platformdirs.user_state_dir", lambda name: str(tmp_path / name))


@pytest.mark.parametrize("name", sorted(LADDERS))
def test_every_function_has_a_ladder(name):
    assert list(LADDERS[name]) == FUNCTIONS[name]


@pytest.mark.parametrize(("name", "function"), RUNGS)
def test_every_number_is_what_the_reference_gives(name, function):
    ladder = LADDERS[name][function]
    right = steps(solution(name), name, function, ladder.given)
    assert [label for label, _ in ladder.steps] == list(right)
    for label, chain in ladder.steps:
        for expression in chain.split(" = "):
            value = evaluated(expression).flatten()
            expected = tensor(right[label]).flatten()
            assert torch.allclose(value, expected, rtol=1e-6), f"{label} = {expression}: {expected.tolist()}"
        assert re.fullmatch(r"[−\d.,\[\] ]+", chain.split(" = ")[-1]), f"{label} ends in no number"


@pytest.mark.parametrize(("name", "function"), RUNGS)
def test_it_stands_under_its_heading(name, function):
    before, _, _ = source(name).partition(f"\ndef {function}(")
    assert re.findall(r"^# ## (.+)$", before, re.MULTILINE)[-1] == LADDERS[name][function].section


def next_hints(exercise: Exercise, function: str) -> list[str]:
    stub = Submission("", Path(f"exercises/{exercise.name}.py"), "", ())
    return [hints.next_hint(exercise, stub, function, "press h") for _ in hints.RUNGS]


@pytest.mark.parametrize(("name", "function"), RUNGS)
def test_one_question_one_blank_short_lines(name, function):
    ladder = LADDERS[name][function]
    assert ladder.question.endswith("?")
    assert "\n".join(ladder.formula).count(BLANK) == 1
    shown = next_hints(EXERCISES[name], function)
    assert max(len(line) for text in shown for line in text.split("\n")) <= LONGEST
    assert max(text.count("\n") for text in shown) <= 24


# Could any piece of a hint be typed in as the answer?


OPERATORS = set("·+−/@")  # beside which a piece is only a part of one


def pieces(ladder: Ladder) -> Iterator[str]:
    """Every piece of the words that may be an expression: of a line, what stands between signs that end one."""
    for line in [ladder.question, *ladder.formula, *(f"{label} = {chain}" for label, chain in ladder.steps)]:
        for part in re.split(r"=|←|:|;|,(?![^\[]*\])|\?|`|\.\s|\.$", line):
            words = part.split()
            for start in range(len(words)):
                for end in range(start + 1, len(words) + 1):
                    if not OPERATORS & {*words[end : end + 1], *words[max(0, start - 1) : start]}:
                        yield " ".join(words[start:end])


def drawn(given: dict) -> dict:
    """The inputs of an example with values that no hint holds; counts stay."""
    generator = torch.Generator().manual_seed(4711)

    def draw(value: object) -> object:
        if isinstance(value, dict):
            return {name: draw(each) for name, each in value.items()}
        return torch.rand(tensor(value).shape, generator=generator, dtype=torch.float64) + 0.5

    return {name: value if name == "batch_size" else draw(value) for name, value in given.items()}


def leaks(name: str, function: str, ladder: Ladder) -> list[str]:
    """The pieces that come to a part of the right answer, with the names that the prose has."""
    given = drawn(ladder.given)
    wanted = answer(solution(name), name, function, given)
    names = {**given.pop("parameters", {}), **given}
    for truth, guess, residual in (("y", "y_pred", "r"), ("Y", "Y_pred", "R")):
        if truth in names and guess in names:
            names[residual] = names[guess] - names[truth]
    found = []
    for piece in pieces(ladder):
        if python(piece) in names or not re.search(r"[A-Za-zŷ]", piece):
            continue  # a name alone is no formula, and numbers are none
        try:
            value = evaluated(piece, names)
        except Exception:  # noqa: BLE001 - words and halves of formulas are no expressions
            continue
        if any(value.shape == right.shape and torch.allclose(value, right) for right in wanted):
            found.append(piece)
    return found


@pytest.mark.parametrize(("name", "function"), BY_HAND)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_no_hint_can_be_typed_in(name, function):
    assert leaks(name, function, LADDERS[name][function]) == []


@pytest.mark.parametrize(
    ("name", "function", "line"),
    [
        ("exercise1", "predict", "ŷᵢ = a·xᵢ + b"),
        ("exercise1", "loss", "L = ½ Σ (ŷᵢ − yᵢ)²"),
        ("exercise1", "loss", "The loss is ½ Σ rᵢ² of them."),
        ("exercise2", "manual_gradients", "∂L/∂a₂ = Σ rᵢ · gᵢ"),
        ("exercise2", "chain_rule_gradients", "∂L/∂a₁ = Σ rᵢ · a₂ · xᵢ"),
        ("exercise2", "collapse", "b = a₂·b₁ + b₂"),
        ("exercise4", "output_delta", "δ_m = Y_pred − Y"),
        ("exercise4", "propagate_delta", "∂L/∂A = delta @ W"),
    ],
)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_formula_would_be_found(name, function, line):
    ladder = LADDERS[name][function]
    assert leaks(name, function, Ladder(function, line, (), ladder.given, (), ""))
