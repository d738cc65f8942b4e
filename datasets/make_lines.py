"""Write line.csv, line_noisy.csv and wave.csv, the same bytes each time: `python datasets/make_lines.py [FOLDER]`."""

import math
import random
import sys
from collections.abc import Iterable
from pathlib import Path

SEED = 1986  # the year in which backpropagation became widely known
NOISE = 20.0  # standard deviation
WAVE_NOISE = 0.1


def line() -> list[tuple[int, int]]:
    """Return the 50 points (x, 2x + 10) at x = 1, 3, …, 99."""
    return [(x, 2 * x + 10) for x in range(1, 100, 2)]


def noisy_line() -> list[tuple[int, str]]:
    """Return the same points with normal noise on y, rounded: the last digits differ from one C library to another."""
    noise = random.Random(SEED)
    return [(x, f"{y + NOISE * noise.gauss(0, 1):.3f}") for x, y in line()]


def wave() -> list[tuple[str, str]]:
    """Return 121 points of sin 2x at x = -3, -2.95, …, 3, with normal noise on y, rounded."""
    noise = random.Random(SEED)
    xs = [step / 20 for step in range(-60, 61)]
    return [(f"{x:.2f}", f"{math.sin(2 * x) + WAVE_NOISE * noise.gauss(0, 1):.3f}") for x in xs]


def write(path: Path, points: Iterable[tuple[object, object]]) -> None:
    """Write a header and one point a row, with LF line ends on every platform."""
    rows = "".join(f"{x},{y}\n" for x, y in points)
    path.write_bytes(f"x,y\n{rows}".encode("ascii"))


def main() -> None:
    """Write the files into the folder named on the command line, by default the script's own."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    write(folder / "line.csv", line())
    write(folder / "line_noisy.csv", noisy_line())
    write(folder / "wave.csv", wave())


if __name__ == "__main__":
    main()
