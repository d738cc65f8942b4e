"""The data sets are what datasets/README.md says, to the byte."""

import csv
import hashlib
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest
from places import DATASETS

README = (DATASETS / "README.md").read_text(encoding="utf-8")
CHECKSUMS = {name: sha256 for sha256, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", README, re.MULTILINE)}
SHAPES = {
    name: (int(rows), int(columns))
    for name, rows, columns in re.findall(r"^\| `(\S+\.csv)` \| (\d+) \| (\d+) \|", README, re.MULTILINE)
}
NAMES = sorted(path.name for path in DATASETS.glob("*.csv"))


def read(name: str) -> tuple[list[str], list[list[float]]]:
    with (DATASETS / name).open(encoding="ascii", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [[float(value) for value in row] for row in rows]


def test_the_readme_lists_every_file_and_no_other() -> None:
    assert sorted(CHECKSUMS) == sorted(SHAPES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_checksum(name: str) -> None:
    assert hashlib.sha256((DATASETS / name).read_bytes()).hexdigest() == CHECKSUMS[name]


@pytest.mark.parametrize("name", NAMES)
def test_rows_and_columns(name: str) -> None:
    header, rows = read(name)
    assert (len(rows), len(header)) == SHAPES[name]
    assert {len(row) for row in rows} == {len(header)}


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_a_finite_number(name: str) -> None:
    _, rows = read(name)
    assert all(math.isfinite(value) for row in rows for value in row)


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_explains_every_column(name: str) -> None:
    header, _ = read(name)
    section = README.partition(f"## `{name}`")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)`(?: … `(\w+)`)? \|", section, re.MULTILINE)
    explained = [header[header.index(first) : header.index(last or first) + 1] for first, last in rows]
    assert [column for columns in explained for column in columns] == header


def test_line() -> None:
    assert read("line.csv") == (["x", "y"], [[x, 2 * x + 10] for x in range(1, 100, 2)])


def test_noisy_line_scatters_around_the_line() -> None:
    header, rows = read("line_noisy.csv")
    noise = [y - (2 * x + 10) for x, y in rows]
    deviation = math.sqrt(sum(value**2 for value in noise) / len(noise))
    assert header == ["x", "y"]
    assert [x for x, _ in rows] == list(range(1, 100, 2))
    assert 15 < deviation < 25
    assert abs(sum(noise) / len(noise)) < 6


def test_the_readme_gives_the_least_squares_line_of_the_noisy_data() -> None:
    _, rows = read("line_noisy.csv")
    x_mean, y_mean = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    slope = sum((x - x_mean) * (y - y_mean) for x, y in rows) / sum((x - x_mean) ** 2 for x, _ in rows)
    assert f"y = {slope:.3f}x + {y_mean - slope * x_mean:.3f}" in README


def test_the_readme_gives_the_noise_of_the_wave() -> None:
    _, rows = read("wave.csv")
    assert [x for x, _ in rows] == [round(step / 20, 2) for step in range(-60, 61)]
    assert f"is {math.sqrt(sum((y - math.sin(2 * x)) ** 2 for x, y in rows) / len(rows)):.3f}" in README


def test_digits_are_grey_values_and_a_digit() -> None:
    header, rows = read("digits.csv")
    assert header == [*(f"p{row}{column}" for row in range(8) for column in range(8)), "digit"]
    assert all(value in range(17) for row in rows for value in row[:-1])
    assert {row[-1] for row in rows} == set(range(10))


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, DATASETS / "make_lines.py", tmp_path], check=True)
    for name in ("line.csv", "line_noisy.csv", "wave.csv"):
        assert (tmp_path / name).read_bytes() == (DATASETS / name).read_bytes()
