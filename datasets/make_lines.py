"""Write line.csv and line_noisy.csv, the same bytes each time: `python datasets/make_lines.py [FOLDER]`."""

import random
import sys
from collections.abc import Iterable
from pathlib import Path

SEED = 1986  # the year in which backpropagation became widely known
NOISE = 20.0  # standard deviation


def line() -> list[tuple[int, int]]:
    """Return the 50 points (x, 2x + 10) at x = 1, 3, …, 99."""
    return [(x, 2 * x + 10) for x in range(1, 100, 2)]


def noisy_line() -> list[tuple[int, str]]:
    """Return the same points with normal noise on y, rounded: the last digits differ from one C library to another."""
    noise = random.Random(SEED)
    return [(x, f"{y + NOISE * noise.gauss(0, 1):.3f}") for x, y in line()]


def write(path: Path, points: Iterable[tuple[int, object]]) -> None:
    """Write a header and one point a row, with LF line ends on every platform."""
    rows = "".join(f"{x},{y}\n" for x, y in points)
    path.write_bytes(f"x,y\n{rows}".encode("ascii"))


def main() -> None:
    """Write both files into the folder named on the command line, by default the script's own."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    write(folder / "line.csv", line())
    write(folder / "line_noisy.csv", noisy_line())


if __name__ == "__main__":
    main()
