"""How long a student who saves a file waits for the verdict: `grade exercise2 --watch` in a terminal, warm.

    python benchmarks/watch.py [SAVES]

Each save has a mistake that has a name, another one than the save before. Time runs from the save until the verdict
and the keys are on the terminal; where something else runs, the processor time of all processes says more. Run it in
the venv that the kit is installed in, on a machine with nothing else to do.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

KIT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(KIT / "tests" / "support"))

from terminal import Terminal  # noqa: E402

GRADE = str(Path(sys.executable).parent / "grade")
TARGET = 0.150  # seconds, the median
WARM_UP = 4  # saves that do not count
END = "q quit\r\n"
RIGHT = (KIT / "solutions" / "exercise2.py").read_text(encoding="utf-8")
MISTAKES = {
    "upstream-factor-missing": RIGHT.replace(' * parameters["a2"]  # ∂L', "  # ∂L"),
    "sign-flipped": RIGHT.replace('(y_pred - y) * parameters["a2"]', '(y - y_pred) * parameters["a2"]'),
}


@contextmanager
def watching() -> Iterator[tuple[Terminal, Path, Path]]:
    """Watch the file of a kit of its own; its terminal, the file, and where the command keeps its state."""
    with tempfile.TemporaryDirectory() as place:
        kit, state = Path(place, "kit"), Path(place, "state")
        for folder in ("exercises", "datasets"):
            copytree(KIT / folder, kit / folder)
        file = kit / "exercises" / "exercise2.py"
        file.write_text(RIGHT, encoding="utf-8")
        with Terminal([GRADE, "exercise2", "--watch"], kit, XDG_STATE_HOME=str(state)) as terminal:
            terminal.until(END)
            yield terminal, file, state
            terminal.press("q")
            terminal.ended()


def named(state: Path) -> str:
    """Return the mistake that the last run has named."""
    (stored,) = state.glob("*/hints/*.json")
    (functions,) = json.loads(stored.read_bytes()).values()
    return str(functions["chain_rule_gradients"]["mistake"])


def computed(pid: int) -> float:
    """Return the seconds that a process, those it has started and those that they have ended have computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return own + sum(computed(int(child)) for child in children)


def main() -> None:
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    taken: list[float] = []
    before = 0.0
    with watching() as (terminal, file, state):
        for number in range(WARM_UP + saves):
            if number == WARM_UP:
                before = computed(terminal.process.pid)
            mistake, text = list(MISTAKES.items())[number % len(MISTAKES)]
            file.write_text(f"{text}\n# {number}\n", encoding="utf-8")
            started = time.perf_counter()
            terminal.until(END)
            taken.append(time.perf_counter() - started)
            time.sleep(0.2)  # the run is remembered once it is shown; and a student takes longer
            assert named(state) == mistake, f"{named(state)!r} is said of {mistake}"
        processor = (computed(terminal.process.pid) - before) / saves
    counted = sorted(taken[WARM_UP:])
    median = statistics.median(counted)
    verdict = "met" if median <= TARGET else "MISSED"
    print(
        f"save to verdict, {saves} saves: median {1e3 * median:.0f} ms (target {1e3 * TARGET:.0f}: {verdict}), ", end=""
    )
    print(f"{1e3 * counted[0]:.0f} to {1e3 * counted[-1]:.0f}; {1e3 * processor:.0f} ms of processor time each")


if __name__ == "__main__":
    main()
