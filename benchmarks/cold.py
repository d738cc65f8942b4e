"""How long a student waits: whole processes against the imports they cannot do without, pair by pair.

    python benchmarks/cold.py [PAIRS]

Run it in the venv that the kit is installed in, from the kit's folder, on a machine with nothing else to do. Each line
gives the median of the pairs' ratios, their range, and the target.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

KIT = Path(__file__).resolve().parents[1]
GRADE = str(Path(sys.executable).parent / "grade")
PYTHON = sys.executable
COMPARISONS = (
    ("grade exercise2, full marks", [GRADE, "exercise2", "solutions/exercise2.py"], "torch", 1.4),
    ("grade --help", [GRADE, "--help"], "click", 2.0),
    ("grade", [GRADE], "click", 2.0),
)


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=KIT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    for name, command, module, target in COMPARISONS:
        baseline = [PYTHON, "-c", f"import {module}"]
        seconds(command), seconds(baseline)  # warm the disk cache
        taken = [(seconds(command), seconds(baseline)) for _ in range(pairs)]
        ratios = sorted(ours / theirs for ours, theirs in taken)
        median = statistics.median(ratios)
        ours = statistics.median(ours for ours, _ in taken)
        verdict = "met" if median <= target else "MISSED"
        print(
            f"{name}: {ours:.3f} s, {median:.2f} x import {module} "
            f"({ratios[0]:.2f} to {ratios[-1]:.2f}); target {target:g}: {verdict}"
        )


if __name__ == "__main__":
    main()
