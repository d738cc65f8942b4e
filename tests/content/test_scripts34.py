"""Exercises 3 and 4 as files to read and to run: in order, pleasant, and friendly where they are not finished."""

import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from places import KIT

from solutions import REGION, losses, module, run, source

FUNCTIONS = {
    "exercise3": ["autograd_gradients", "build_model", "make_loader", "train_epoch", "fit"],
    "exercise4": [
        "forward",
        "loss",
        "output_delta",
        "layer_gradients",
        "propagate_delta",
        "backward",
        "update",
        "train_epoch",
    ],
}
HOLES = [(name, count) for name, functions in FUNCTIONS.items() for count in range(len(functions))]


def stub(name: str, written: int = 0) -> str:
    """The source with every region, but for the first few, replaced as in a student's file."""
    functions = FUNCTIONS[name]
    order = iter(functions)

    def hole(region: re.Match[str]) -> str:
        function = next(order)
        todo = f'{region[1]}raise NotImplementedError("{function} is not written yet")\n'
        return region[0] if function in functions[:written] else todo

    return REGION.sub(hole, source(name))


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit with the data sets and an empty exercises/, seen from a folder of its own that is the current one."""
    shutil.copytree(KIT / "datasets", tmp_path / "kit" / "datasets")
    (tmp_path / "kit" / "exercises").mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    return tmp_path / "kit"


@pytest.fixture
def threads() -> Iterator[None]:
    """What a script's main does to PyTorch's threads is undone."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


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


def finish(kit: Path, name: str, rows: int) -> str:
    """Run the finished exercise; return what it prints, once that is found to be complete."""
    printed = run(kit, name, source(name))
    picture = Path.cwd() / f"{name}.png"
    columns = re.findall(r"^(?:loss|dL/d\w+) +(\S+) +(\S+)$", printed, re.MULTILINE)
    assert len(columns) == rows
    assert all(here == there for here, there in columns)
    assert len(losses(printed)) == 11
    assert all(later < 1.001 * earlier for earlier, later in pairwise(losses(printed)))
    assert printed.endswith(f"picture: {picture}\n")
    assert picture.read_bytes().startswith(b"\x89PNG")
    return printed


def test_exercise3_comes_close_to_least_squares_and_not_to_an_intercept_of_10(kit: Path) -> None:
    printed = finish(kit, "exercise3", rows=4)
    lines = re.findall(r"y = (\S+)x \+ ([\d.]+)", printed)
    (slope, intercept), best = ([float(value) for value in line] for line in lines)
    assert best == [2.010, 12.501]
    assert "y = 2.010x + 12.501" in source("exercise3")
    assert slope == pytest.approx(best[0], abs=0.03)
    assert intercept == pytest.approx(best[1], abs=1.5)
    assert losses(printed)[-1] < 1.02 * float(re.findall(r"loss (\S+)\npicture", printed)[0])


def test_exercise4_explains_as_much_as_least_squares_and_no_more(kit: Path) -> None:
    printed = finish(kit, "exercise4", rows=6)
    share, plain = (float(value) for value in re.findall(r"explained: (\S+); .*: (\S+)$", printed, re.MULTILINE)[0])
    X, Y = np.split(np.loadtxt(KIT / "datasets" / "diabetes.csv", delimiter=",", skiprows=1), [10], axis=1)
    ones = np.column_stack([X, np.ones(len(X))])
    left = Y - ones @ np.linalg.lstsq(ones, Y)[0]
    assert plain == pytest.approx(1 - np.sum(left**2) / np.sum((Y - Y.mean()) ** 2), abs=1e-4)
    assert f"{plain:.0%}".replace("%", " %") in source("exercise4")
    assert plain - 0.01 < share <= plain


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_stub_prints_one_friendly_line(kit: Path, name: str) -> None:
    printed = run(kit, name, stub(name))
    assert printed.startswith(f"{FUNCTIONS[name][0]} is not written yet. ")
    assert f"`grade {name}`" in printed
    assert printed.count("\n") == 1
    assert not list(Path.cwd().iterdir())


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize(("name", "written"), HOLES)
def test_the_next_function_of_the_table_is_named(
    kit: Path, name: str, written: int, capsys: pytest.CaptureFixture[str]
) -> None:
    text = stub(name, written)
    assert text.count("raise NotImplementedError(") == len(FUNCTIONS[name]) - written
    module(name, text, kit / "exercises" / f"{name}.py").main()
    last_line = capsys.readouterr().out.splitlines()[-1]
    assert last_line.startswith(f"{FUNCTIONS[name][written]} is not written yet. ")


@pytest.mark.parametrize(("name", "data"), [("exercise3", "line_noisy.csv"), ("exercise4", "diabetes.csv")])
def test_a_notebook_finds_the_data_from_its_own_folder(
    kit: Path, name: str, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kit / "exercises")
    notebook: dict[str, Any] = {"__name__": "notebook"}
    exec(source(name), notebook)
    x, y = notebook["load"](data)
    assert (x.shape, y.shape) == {"exercise3": ((50,), (50,)), "exercise4": ((442, 10), (442, 1))}[name]
