"""Draw the pictures of the exercises: `python docs/pictures/make_drawings.py [NAME …] [--folder FOLDER]`.

drawings/exerciseN.py holds a function for each; `circuit` there makes exercises/pictures/exerciseN_circuit.png. It is
given an empty figure, 8 inches wide, and may change its height.
"""

import argparse
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "exercises" / "pictures"
WIDTH, DOTS = 8.0, 150  # inches; dots an inch
STYLE = {"font.size": 12, "axes.spines.top": False, "axes.spines.right": False}


def drawings() -> Iterator[tuple[str, Callable[[Figure], None]]]:
    """Yield each drawing's name and function; what begins with "_" helps to draw, or is imported."""
    for path in sorted((HERE / "drawings").glob("exercise*.py")):
        for name, value in runpy.run_path(str(path), run_name=path.stem).items():
            if not name.startswith("_") and getattr(value, "__module__", None) == path.stem:
                yield f"{path.stem}_{name}", value


def draw(name: str, folder: Path = FOLDER) -> None:
    """Write one drawing; the same bytes every time with the same matplotlib."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 3.4))
        dict(drawings())[name](figure)
        figure.savefig(folder / f"{name}.png", dpi=DOTS, facecolor="white", metadata={"Software": None})


def main() -> None:
    """Write the drawings that are named, or all."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the exercises.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="for example exercise2_circuit; all by default")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args()
    for name in asked.names or dict(drawings()):
        draw(name, asked.folder)


if __name__ == "__main__":
    main()
