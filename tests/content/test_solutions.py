"""The reference solutions: right to the contract's figures and to autograd, and pleasant to run, finished or not."""

import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from places import KIT
from torch import Tensor

from solutions import REGION, losses, module, run, source

FUNCTIONS = {
    "exercise1": ["predict", "loss", "manual_gradients", "update", "train_epoch"],
    "exercise2": [
        "forward",
        "loss",
        "manual_gradients",
        "chain_rule_gradients",
        "update",
        "train_step",
        "collapse",
    ],
}
HOLES = [(name, count) for name, functions in FUNCTIONS.items() for count in range(len(functions))]
SIZES = [1, 2, 7, 53]

Parameters = dict[str, Tensor]


def stub(name: str, written: int = 0) -> str:
    """The source with every region, but for the first few, replaced as in a student's file."""
    functions = FUNCTIONS[name]
    order = iter(functions)

    def hole(region: re.Match[str]) -> str:
        function = next(order)
        todo = f'{region[1]}raise NotImplementedError("{function} is not written yet")\n'
        return region[0] if function in functions[:written] else todo

    return REGION.sub(hole, source(name))


@pytest.fixture(scope="module")
def one() -> ModuleType:
    return module("exercise1", source("exercise1"), KIT / "solutions" / "exercise1.py")


@pytest.fixture(scope="module")
def two() -> ModuleType:
    return module("exercise2", source("exercise2"), KIT / "solutions" / "exercise2.py")


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit with the data sets and an empty exercises/, seen from a folder of its own that is the current one."""
    shutil.copytree(KIT / "datasets", tmp_path / "kit" / "datasets")
    (tmp_path / "kit" / "exercises").mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    return tmp_path / "kit"


def numbers(*values: float, names: str, dtype: torch.dtype = torch.float64) -> Parameters:
    return {name: torch.tensor(value, dtype=dtype) for name, value in zip(names.split(), values, strict=True)}


def draw(names: str, seed: int) -> Parameters:
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn((), generator=generator, dtype=torch.float64) for name in names.split()}


def draw_data(n: int) -> tuple[Tensor, Tensor]:
    x, y = torch.randn((2, n), generator=torch.Generator().manual_seed(n), dtype=torch.float64)
    return 3 * x + 1, 5 * y - 2


def autograd(objective: Callable[[Parameters], Tensor], parameters: Parameters) -> Parameters:
    leaves = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    gradients = torch.autograd.grad(objective(leaves), list(leaves.values()))
    return dict(zip(leaves, gradients, strict=True))


def loss_one(p: Parameters, x: Tensor, y: Tensor) -> Tensor:
    return ((p["a"] * x + p["b"] - y) ** 2).sum() / 2


def loss_two(p: Parameters, x: Tensor, y: Tensor) -> Tensor:
    return ((p["a2"] * (p["a1"] * x + p["b1"]) + p["b2"] - y) ** 2).sum() / 2


def descend(
    objective: Callable[[Parameters], Tensor], parameters: Parameters, rates: dict[str, float]
) -> tuple[Parameters, Tensor]:
    gradients = autograd(objective, parameters)
    return {name: value - rates[name] * gradients[name] for name, value in parameters.items()}, objective(parameters)


def assert_same(actual: object, expected: object) -> None:
    torch.testing.assert_close(actual, expected, rtol=1e-9, atol=1e-9)


def copied(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.clone()
    return {key: copied(item) for key, item in value.items()} if isinstance(value, dict) else value


# Worked values


@pytest.mark.parametrize(
    ("dtype", "first", "last", "tolerance"),
    [
        (torch.float64, (1100554.15252, 2.849827, 23.361077), (116.22606, 2.000134, 14.061739), 1e-5),
        # A float32 has seven digits; 20 batches in a row, each from the last one's result, may cost two of them.
        (torch.float32, (1100554.125, 2.849825, 23.361076), (116.227, 2.000128, 14.06174), 1e-4),
    ],
)
def test_exercise1_trains_to_the_worked_values(
    one: ModuleType,
    dtype: torch.dtype,
    first: tuple[float, ...],
    last: tuple[float, ...],
    tolerance: float,
) -> None:
    x, y = (column.to(dtype) for column in one.load("line.csv"))
    parameters = numbers(20, 30, names="a b", dtype=dtype)
    seen = []
    for _ in range(100):
        parameters, loss = one.train_epoch(parameters, x, y, {"a": 1e-4, "b": 1e-3}, 5)
        seen.append((float(loss), float(parameters["a"]), float(parameters["b"])))
    assert parameters["a"].dtype == loss.dtype == dtype
    assert seen[0] == pytest.approx(first, rel=tolerance)
    assert seen[-1] == pytest.approx(last, rel=tolerance)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_exercise2_first_step_has_the_worked_values(two: ModuleType, dtype: torch.dtype) -> None:
    x = torch.tensor([1, 3, 5, 7, 9], dtype=dtype)
    y = 2 * x + 10
    parameters = numbers(20, 30, 20, 30, names="a1 b1 a2 b2", dtype=dtype)
    g, y_pred = two.forward(parameters, x)
    gradients = two.manual_gradients(g, y_pred, y) | two.chain_rule_gradients(parameters, x, y_pred, y)
    expected = {"a1": 1623400, "b1": 261000, "a2": 2014900, "b2": 13050}
    assert float(two.loss(y_pred, y)) == pytest.approx(20198330, rel=1e-6)
    assert {name: float(value) for name, value in gradients.items()} == pytest.approx(expected, rel=1e-6)
    assert autograd(partial(loss_two, x=x, y=y), parameters) == pytest.approx(expected, rel=1e-6)


# Every function against an oracle


@pytest.mark.parametrize("n", SIZES)
def test_exercise1_agrees_with_autograd(one: ModuleType, n: int) -> None:
    x, y = draw_data(n)
    parameters = draw("a b", seed=n)
    assert_same(one.predict(parameters, x), parameters["a"] * x + parameters["b"])
    assert_same(one.loss(one.predict(parameters, x), y), loss_one(parameters, x, y))
    assert_same(one.manual_gradients(parameters, x, y), autograd(partial(loss_one, x=x, y=y), parameters))


@pytest.mark.parametrize("n", SIZES)
def test_exercise2_agrees_with_autograd(two: ModuleType, n: int) -> None:
    x, y = draw_data(n)
    parameters = draw("a1 b1 a2 b2", seed=n)
    g, y_pred = two.forward(parameters, x)
    expected = autograd(partial(loss_two, x=x, y=y), parameters)
    assert_same(g, parameters["a1"] * x + parameters["b1"])
    assert_same(two.loss(y_pred, y), loss_two(parameters, x, y))
    assert_same(two.manual_gradients(g, y_pred, y), {name: expected[name] for name in ("a2", "b2")})
    assert_same(two.chain_rule_gradients(parameters, x, y_pred, y), {name: expected[name] for name in ("a1", "b1")})


@pytest.mark.parametrize(("name", "keys"), [("exercise1", "a b"), ("exercise2", "a1 b1 a2 b2")])
def test_update_takes_each_learning_rate_as_a_number_or_a_tensor(
    name: str, keys: str, request: pytest.FixtureRequest
) -> None:
    reference = request.getfixturevalue("one" if name == "exercise1" else "two")
    parameters, gradients, rates = (draw(keys, seed) for seed in (1, 2, 3))
    expected = {key: parameters[key] - rates[key] * gradients[key] for key in keys.split()}
    assert_same(reference.update(parameters, gradients, rates), expected)
    assert_same(reference.update(parameters, gradients, {k: float(rate) for k, rate in rates.items()}), expected)


@pytest.mark.parametrize("batch_size", [1, 5, 13, 20])
def test_train_epoch_steps_once_a_batch(one: ModuleType, batch_size: int) -> None:
    x, y = draw_data(13)
    parameters = expected = draw("a b", seed=0)
    rates = {"a": 0.003, "b": 0.02}
    total = torch.zeros((), dtype=torch.float64)
    for begin in range(0, 13, batch_size):
        x_batch, y_batch = x[begin : begin + batch_size], y[begin : begin + batch_size]
        expected, batch_loss = descend(partial(loss_one, x=x_batch, y=y_batch), expected, rates)
        total = total + batch_loss
    assert_same(one.train_epoch(parameters, x, y, rates, batch_size), (expected, total))


@pytest.mark.parametrize("n", SIZES)
def test_train_step_uses_the_old_parameters(two: ModuleType, n: int) -> None:
    x, y = draw_data(n)
    parameters = draw("a1 b1 a2 b2", seed=n)
    rates = {"a1": 0.1, "b1": 0.2, "a2": 0.3, "b2": 0.4}
    expected = descend(partial(loss_two, x=x, y=y), parameters, rates)
    assert_same(two.train_step(parameters, x, y, rates), expected)


def test_collapse_is_the_line_that_forward_computes(two: ModuleType) -> None:
    x, _ = draw_data(7)
    parameters = draw("a1 b1 a2 b2", seed=4)
    a, b = two.collapse(parameters)
    assert_same(a * x + b, two.forward(parameters, x)[1])


@pytest.mark.parametrize(
    ("name", "function"), [(name, function) for name, functions in FUNCTIONS.items() for function in functions]
)
def test_inputs_stay_and_a_second_call_agrees(name: str, function: str, request: pytest.FixtureRequest) -> None:
    reference = request.getfixturevalue("one" if name == "exercise1" else "two")
    x, y = draw_data(7)
    keys = "a b" if name == "exercise1" else "a1 b1 a2 b2"
    rates = dict.fromkeys(keys.split(), 0.01)
    arguments = {
        "predict": (draw(keys, 1), x),
        "forward": (draw(keys, 1), x),
        "loss": (x, y),
        "manual_gradients": (draw(keys, 1), x, y) if name == "exercise1" else (x, y + 1, y),
        "chain_rule_gradients": (draw(keys, 1), x, y + 1, y),
        "update": (draw(keys, 1), draw(keys, 2), rates),
        "train_epoch": (draw(keys, 1), x, y, rates, 3),
        "train_step": (draw(keys, 1), x, y, rates),
        "collapse": (draw(keys, 1),),
    }[function]
    before = tuple(copied(argument) for argument in arguments)
    answers = [getattr(reference, function)(*arguments) for _ in range(2)]
    torch.testing.assert_close(arguments, before, rtol=0, atol=0)
    torch.testing.assert_close(answers[0], answers[1], rtol=0, atol=0)


# As a file to read and to run


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_graded_function_has_a_cell_of_its_own_after_its_prose(name: str) -> None:
    cells = re.split(r"^# %%", source(name), flags=re.MULTILINE)
    assert cells[0] == ""
    assert cells[1].startswith(f" [markdown]\n# # Exercise {name[-1]}: ")
    graded = [number for number, cell in enumerate(cells) if "### BEGIN SOLUTION" in cell]
    assert [re.findall(r"^def (\w+)", cells[number], re.MULTILINE) for number in graded] == [
        [function] for function in FUNCTIONS[name]
    ]
    assert all(cells[number - 1].startswith(" [markdown]\n# ## ") for number in graded)
    assert all(cells[number].count("### END SOLUTION") == 1 for number in graded)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_finished_exercise_trains_and_leaves_a_picture(kit: Path, name: str) -> None:
    printed = run(kit, name, source(name))
    picture = Path.cwd() / f"{name}.png"
    columns = re.findall(r"^(?:loss|dL/d\w+) +(\S+) +(\S+)$", printed, re.MULTILINE)
    assert len(columns) == (3 if name == "exercise1" else 5)
    assert all(by_hand == by_autograd for by_hand, by_autograd in columns)
    assert losses(printed) == sorted(losses(printed), reverse=True)
    assert len(losses(printed)) == 11
    assert printed.endswith(f"picture: {picture}\n")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_exercise1_prints_the_worked_losses(kit: Path) -> None:
    printed = losses(run(kit, "exercise1", source("exercise1")))
    assert (printed[0], printed[-1]) == pytest.approx((1100554.15252, 116.22606), rel=1e-5)


def test_exercise2_finds_the_line(kit: Path) -> None:
    printed = run(kit, "exercise2", source("exercise2"))
    a, b = (float(value) for value in re.findall(r"both layers amount to y = (\S+)x \+ (\S+)", printed)[0])
    assert (a, b) == pytest.approx((2, 10), rel=1e-2)
    assert losses(printed)[-1] < 1e-3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_stub_prints_one_friendly_line(kit: Path, name: str) -> None:
    printed = run(kit, name, stub(name))
    assert printed.startswith(f"{FUNCTIONS[name][0]} is not written yet. ")
    assert f"`grade {name}`" in printed
    assert printed.count("\n") == 1
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize(("name", "written"), HOLES)
def test_the_next_function_of_the_table_is_named(
    kit: Path, name: str, written: int, capsys: pytest.CaptureFixture[str]
) -> None:
    text = stub(name, written)
    assert text.count("raise NotImplementedError(") == len(FUNCTIONS[name]) - written
    module(name, text, kit / "exercises" / f"{name}.py").main()
    last_line = capsys.readouterr().out.splitlines()[-1]
    assert last_line.startswith(f"{FUNCTIONS[name][written]} is not written yet. ")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_notebook_finds_the_data_from_its_own_folder(kit: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(kit / "exercises")
    notebook: dict[str, Any] = {"__name__": "notebook"}
    exec(source(name), notebook)
    x, y = notebook["load"]("line.csv")
    assert_same(y, 2 * x + 10)
