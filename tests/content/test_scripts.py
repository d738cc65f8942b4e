"""The exercises as files to read and to run: in order, pleasant, and friendly where they are not finished."""

import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from places import DATASETS

from solutions import FUNCTIONS, facts, losses, module, run, solution, source, unfinished

UNGRADED = {"exercise1": ["nudge"]}  # what the learner writes and judges alone
# Of each exercise: how many numbers it compares with autograd's, and the shapes of its data.
COMPARED = {"exercise1": 3, "exercise2": 5, "exercise3": 4, "exercise4": 14, "exercise5": 2}
TRIED = {"exercise3": 9, "exercise5": 1, "exercise6": 1}  # lines that come before the first function that is missing
PRINTED = {"exercise4": 15}  # epochs, where not 11
DATA = {
    "exercise1": ("line.csv", (50,), (50,)),
    "exercise2": ("line.csv", (50,), (50,)),
    "exercise3": ("line_noisy.csv", (50,), (50,)),
    "exercise4": ("diabetes.csv", (442, 10), (442, 1)),
    "exercise5": ("wave.csv", (121, 1), (121, 1)),
}


Finished = Callable[[str], tuple[str, Path]]  # what it prints, and the folder that it was run from


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit with the data sets and an empty exercises/."""
    made = tmp_path_factory.mktemp("kit")
    shutil.copytree(DATASETS, made / "datasets")
    (made / "exercises").mkdir()
    return made


@pytest.fixture(scope="module")
def finished(kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:

    @cache
    def run_once(name: str) -> tuple[str, Path]:
        folder = tmp_path_factory.mktemp(name)
        return run(kit, name, source(name), folder), folder

    return run_once


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
    written = [re.findall(r"^def (\w+)", cells[number], re.MULTILINE) for number in graded]
    assert [each for each in written if each[0] not in UNGRADED.get(name, ())] == [[each] for each in FUNCTIONS[name]]
    assert all(cells[number - 1].startswith(" [markdown]\n") for number in graded)
    assert {section.count("### BEGIN SOLUTION") for section in re.split(r"^# ## ", source(name), flags=re.M)} == {0, 1}
    assert all(cells[number].count("### END SOLUTION") == 1 for number in graded)


@pytest.mark.system
class TestFinished:
    @pytest.mark.parametrize("name", COMPARED)
    def test_it_trains_and_leaves_a_picture(self, finished: Finished, kit: Path, name: str) -> None:
        printed, folder = finished(name)
        rows = re.findall(r"^(?:loss|dL/d\S+) +(\S.*)$", printed, re.MULTILINE)
        own = facts(name)
        assert len(rows) == (own.COMPARED if own else COMPARED[name])
        assert all(len(set(row.split())) == 1 < len(row.split()) for row in rows)
        assert len(losses(printed)) == PRINTED.get(name, 11)
        slack = 1.001 if name in ("exercise3", "exercise4") else 1  # batches and Adam may go up a little
        assert all(later <= slack * earlier for earlier, later in pairwise(losses(printed)))
        picture = kit / "exercises" / f"{name}.png"
        assert printed.endswith(f"picture: {picture}\n")
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert not list(folder.iterdir())

    def test_exercise1_prints_the_worked_losses(self, finished: Finished) -> None:
        printed = losses(finished("exercise1")[0])
        assert (printed[0], printed[-1]) == pytest.approx((1100554.15252, 116.22606), rel=1e-5)

    def test_exercise2_finds_the_line(self, finished: Finished) -> None:
        printed, _ = finished("exercise2")
        a, b = (float(value) for value in re.findall(r"both layers amount to y = (\S+)x \+ (\S+)", printed)[0])
        assert (a, b) == pytest.approx((2, 10), rel=1e-2)
        assert losses(printed)[-1] < 1e-3

    def test_exercise3_comes_close_to_least_squares_and_not_to_an_intercept_of_10(self, finished: Finished) -> None:
        printed, _ = finished("exercise3")
        lines = re.findall(r"y = (\S+)x \+ ([\d.]+)", printed)
        (slope, intercept), best = ([float(value) for value in line] for line in lines)
        assert best == [2.010, 12.501]
        assert "y = 2.010x + 12.501" in source("exercise3")
        assert slope == pytest.approx(best[0], abs=0.03)
        assert intercept == pytest.approx(best[1], abs=1.5)
        assert losses(printed)[-1] < 1.02 * float(re.findall(r"loss (\S+)\npicture", printed)[0])

    def test_exercise4_explains_as_much_as_least_squares_and_no_more(self, finished: Finished) -> None:
        printed, _ = finished("exercise4")
        share, plain = (float(value) for value in re.findall(r"explained: (\S+); .*: (\S+)$", printed, re.MULTILINE)[0])
        X, Y = np.split(np.loadtxt(DATASETS / "diabetes.csv", delimiter=",", skiprows=1), [10], axis=1)
        ones = np.column_stack([X, np.ones(len(X))])
        left = Y - ones @ np.linalg.lstsq(ones, Y)[0]
        assert plain == pytest.approx(1 - np.sum(left**2) / np.sum((Y - Y.mean()) ** 2), abs=1e-4)
        assert f"{plain:.0%}".replace("%", " %") in source("exercise4")
        assert plain - 0.01 < share <= plain

    def test_exercise5_follows_the_wave_and_says_what_a_line_explains(self, finished: Finished) -> None:
        printed, _ = finished("exercise5")
        (wave, line), (_, best) = (
            [float(value) for value in each] for each in re.findall(r": (\S+) of the variance.* (\S+)$", printed, re.M)
        )
        assert wave > 0.95
        for share in (line, best):
            assert f"{share:.0%}".replace("%", " %") in source("exercise5")


@pytest.mark.parametrize(
    ("text", "does"),
    [(None, False), ("while True: pass", False), ("def adam_step(*_):\n    while True: pass", False), ("1 / 0", False),
     ("exit()", False), ("### BEGIN", False), (source("exercise6"), True)],
    ids=["missing", "loops at import", "loops", "broken", "ends", "stub", "right"],
)  # fmt: skip
def test_exercise7_steps_by_exercise6_where_that_is_right(
    text: str | None, does: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seven = module("exercise7", source("exercise7"), tmp_path / "exercise7.py")
    seven.PATIENCE = 5 if does else 0.2
    if text is not None:
        (tmp_path / "exercise6.py").write_text(unfinished("exercise6") if text == "### BEGIN" else text)
    step = seven.steps_by(seven.other(6))
    assert capsys.readouterr().out.startswith("steps:  your exercise 6" if does else "steps:  PyTorch")
    assert isinstance(step, seven.PyTorchsAdam) != does


@pytest.mark.system
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_stub_prints_one_friendly_line(kit: Path, name: str, tmp_path: Path) -> None:
    printed = run(kit, name, unfinished(name), tmp_path)
    *tried, line = printed.splitlines()
    assert line.startswith(f"{FUNCTIONS[name][0]} is not written yet. ")
    assert f"`grade {name}`" in line
    assert len(tried) == TRIED.get(name, 0)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["exercise1", "exercise2"])
def test_missing_data_and_a_folder_that_cannot_be_written_are_a_sentence(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = module(name, source(name), tmp_path / "exercises" / f"{name}.py")
    script.main()
    assert re.search(r"line.csv not found. Its place is the folder datasets/", capsys.readouterr().out)
    shutil.copytree(DATASETS, tmp_path / "datasets")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    script.main()  # there is no folder exercises/ to save a picture in
    assert re.search(r"The picture cannot be saved in \S+exercises \(No such", capsys.readouterr().out)


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize(("name", "written"), [(name, at) for name in FUNCTIONS for at in range(len(FUNCTIONS[name]))])
def test_the_next_function_of_the_table_is_named(
    kit: Path, name: str, written: int, capsys: pytest.CaptureFixture[str]
) -> None:
    text = unfinished(name, written)
    assert text.count("raise NotImplementedError(") == source(name).count("### BEGIN") - written
    module(name, text, kit / "exercises" / f"{name}.py").main()
    last_line = capsys.readouterr().out.splitlines()[-1]
    assert last_line.startswith(f"{FUNCTIONS[name][written]} is not written yet. ")


@pytest.mark.parametrize("name", DATA)
def test_a_notebook_finds_the_data_from_its_own_folder(kit: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(kit / "exercises")
    notebook = {"__name__": "notebook"}
    exec(source(name), notebook)
    own = facts(name)
    data, *shapes = own.DATA if own else DATA[name]
    found = notebook["load"](data)
    assert [column.shape for column in found] == shapes
    torch.testing.assert_close(found, solution(name).load(data), rtol=0, atol=0)


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("name", ["exercise3", "exercise4"])
def test_missing_data_is_a_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module(name, source(name), tmp_path / "exercises" / f"{name}.py").main()
    assert re.search(r"datasets.\w+\.csv not found.*; get it from", capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize(("name", "show"), [("exercise3", "show_fit"), ("exercise4", "show_predictions")])
def test_a_picture_that_cannot_be_saved_is_a_sentence(
    name: str, show: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("matplotlib.pyplot.get_backend", lambda: "agg")
    points = torch.arange(3.0)
    arguments = [points, points, points, points] if show == "show_fit" else [points, points, "three points"]
    getattr(module(name, source(name), tmp_path / "gone" / f"{name}.py"), show)(*arguments)
    plt.close("all")
    assert capsys.readouterr().out.startswith(f"The picture cannot be saved in {tmp_path / 'gone'}")


def test_a_loss_that_runs_away_ends_the_run(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = source("exercise4").replace("rate, batch_size, widths = 0.001,", "rate, batch_size, widths = 0.05,")
    module("exercise4", text, kit / "exercises" / "exercise4.py").main()
    assert "the loss has run away" in capsys.readouterr().out.splitlines()[-1]
    assert solution("exercise3").shown(3.18e49, 3) == solution("exercise4").shown(3.18e49, 3) == "3.2e+49"


def test_a_line_below_zero_has_one_sign() -> None:
    assert solution("exercise3").equation(7.9861, -11.6321) == "y = 7.986x - 11.632"
    for name in ("exercise1", "exercise2"):
        assert solution(name).equation(torch.tensor(2.0), torch.tensor(-1.5), 2) == "y = 2.00x - 1.50"
