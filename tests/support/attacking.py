"""The table of attacks: grades hostile files and looks for what they gained and what they left behind.

As a script (`attacking.py RESULTS [--nobody] PREFIX ...`) it goes through the table in a process of its own, as an
ordinary user if asked to, and writes what it found as JSON.
"""

import ctypes
import dataclasses
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus import submission_of
from places import CORPUS, KIT

from autograder.authoring.catalog import CHECKS, find_exercise
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.model import GradingSpec, Limits, Report
from autograder.report import html, text
from autograder.report import json as json_report

ATTACKS = sorted(path for path in (CORPUS / "attacks").glob("*/*") if path.suffix in (".py", ".ipynb"))
PLAIN = {name: CORPUS / "right" / name / "plain.py" for name in ("exercise1", "exercise2", "exercise3", "exercise4")}
NOBODY = 65534
PR_SET_CHILD_SUBREAPER = 36
# Where hostile files try to leave something, outside of the site.
OUTSIDE = [Path(place, "left-behind") for place in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/")] + [
    Path("/dev/shm/flood")
]
APART: set[int] = set()  # processes that other tables run in
TORCHS = "torchinductor_"  # begins the name of a folder that torch makes in the grader when it first sees an optimizer
# Attacks that wait for their end get little, so that it comes soon; others what everybody gets, since a busy machine
# must not make right answers late.
SHORT = Limits(load_seconds=4.0, call_seconds=1.5, impatient_seconds=0.8, memory=1 << 29, questions=200)
SECRET = "c0urse-secret-3f9a"
CANARY = "canary-7be1d2"


@dataclasses.dataclass(frozen=True)
class Finding:
    """What came of one attack. `trouble` is all that should not be, in words."""

    losing: tuple[str, ...]
    problem: str
    printed: str
    messages: tuple[str, ...]
    trouble: tuple[str, ...]


class Site:
    """A kit, a home and a class's submissions in a temporary place, all with something to steal or to spoil."""

    def __init__(self, root: Path) -> None:
        self.root, self.kit, self.home, self.temporary = root, root / "kit", root / "home", root / "tmp"
        for name in ("datasets", "exercises", "solutions"):
            shutil.copytree(KIT / name, self.kit / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (
            "home/.ssh/id_rsa",
            "home/.bash_history",
            "submissions/fellow.py",
            "kit/.git/config",
            "kit/grades.db",
        ):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(f"{CANARY} {path}\n", encoding="utf-8")
        for path in (self.kit / "solutions").glob("*.py"):
            path.write_text(f"# {CANARY}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
        self.temporary.mkdir()

    def enter(self) -> None:
        """Make this the surroundings of the process: its home, its place for temporary files, and a secret."""
        os.environ.update(HOME=str(self.home), TMPDIR=str(self.temporary), COURSE_SECRET=SECRET)
        os.environ["XDG_CACHE_HOME"] = str(self.home / ".cache")
        tempfile.tempdir = str(self.temporary)
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what a submission leaves behind comes to us

    def leftovers(self) -> list[str]:
        """Name what lies in the place for temporary files."""
        return sorted(path.name for path in self.temporary.iterdir())

    def state(self) -> dict[str, str]:
        """Describe every file that a submission must leave alone: the site's, the grader's and the tests' own."""
        watched = [path for path in self.root.rglob("*") if self.temporary not in path.parents]
        watched += CHECKS.glob("*.p*")
        return {str(path): _described(path) for path in watched}


def _described(path: Path) -> str:
    status = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    changed = status.st_mtime_ns if path.is_file() else 0  # a folder of the grader's may get its caches
    return f"{status.st_mode:o} {status.st_uid} {changed} {content}"


def examine(path: Path, site: Site, fork_server: ForkServer) -> Finding:
    """Grade a hostile file and find out what it gained, gave away and left."""
    before, temporary, processes = site.state(), site.leftovers(), set(descendants())
    report = graded(path, site, fork_server)
    trouble = list(_faults(report))
    shown = [json_report.render(report), html.render(report), text.render(report, width=80, color=False)]
    trouble += [f"it prints that it {word}" for word in ("STOLEN", "LEFT") if word in report.printed]
    trouble += [f"{word!r} in a report" for word in secrets() for form in (*shown, report.printed) if word in form]
    trouble += [f"a raw {char!r} in the text" for char in "\x1b\x07\u202e\x00" if char in shown[2] or char in shown[1]]
    trouble += [f"{word} in the page" for word in ("<script", "<img", 'onerror="') if word in shown[1].lower()]
    after = site.state()
    trouble += [f"{name} was changed" for name in sorted(before | after) if before.get(name) != after.get(name)]
    trouble += [f"{name} is left" for name in site.leftovers() if name not in temporary]
    trouble += [f"{scratch} is left" for scratch in site.temporary.glob("grade-*/*")]
    trouble += [f"{left} is left" for left in OUTSIDE if is_ours(left)]
    trouble += [f"process {pid} is left" for pid in set(descendants()) - processes if is_running(pid)]
    losing = tuple(one.name for one in report.functions if one.score < one.max_score)
    messages = tuple(str(one.message) for one in report.checks if one.outcome == "failed")
    problem = str(report.problem.text) if report.problem else ""
    return Finding(losing, problem, report.printed, messages, tuple(trouble))


def graded(path: Path, site: Site, fork_server: ForkServer) -> Report:
    """Grade one file as the kit at a site does."""
    limits = SHORT if path.stem.startswith("deny") else Limits()
    exercise = find_exercise(site.kit, next(part for part in path.parts if part in PLAIN))
    spec = GradingSpec(exercise, secret=SECRET, limits=limits)
    return Grader(spec, fork_server).grade(submission_of(path))


def warm_up(site: Site, fork_server: ForkServer) -> None:
    """Grade what is right, so that all that is made once is there: templates, caches of torch and matplotlib."""
    for path in PLAIN.values():
        graded(path, site, fork_server)


def _faults(report: Report) -> Iterator[str]:
    """What is wrong with a report, whatever the submission did."""
    for one in report.checks:
        if one.outcome == "errored":
            yield f"{one.check.name} errored: {one.message}"
        if one.outcome == "failed" and not readable(str(one.message or "")):
            yield f"{one.check.name} says {str(one.message)!r}"
    if report.problem is not None and not readable(f"the problem is {report.problem.text}"):
        yield f"the problem says {str(report.problem.text)!r}"


def readable(message: str) -> bool:
    """Whether a message says something to a teacher: some words, and no bare number of an error."""
    bare = "Errno" in message and "while grading" not in message
    return len(message.split()) >= 3 and len(message) < 3000 and not bare


def secrets() -> list[str]:
    """What no report may hold: the course's secret, what lies in the site, and the checks' own code."""
    return [SECRET, CANARY, "from autograder.checking import", "def check_", "### BEGIN SOLUTION"]


def is_ours(left: Path) -> bool:
    """Whether an attack has put something there; it is gone afterwards."""
    if not os.path.lexists(left):
        return False
    left.rmdir() if left.is_dir() and not left.is_symlink() else left.unlink()
    return True


def descendants() -> Iterator[int]:
    """All processes below this one, but for those that are none of its business."""
    parents = {int(path.name): parent for path in Path("/proc").glob("[0-9]*") if (parent := _parent(path)) is not None}
    own = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in own and pid not in APART} - own:
        own |= more
    yield from own - {os.getpid()}


def _parent(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
    except OSError:
        return None


def is_running(pid: int) -> bool:
    """Whether a process is there and not just unreaped."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0] != "Z"
        )
    except OSError:
        return False


def become_nobody(root: Path) -> None:
    """Give up root for good; the site is nobody's then, so that no mere permission protects it."""
    for path in (root, *root.rglob("*")):
        os.lchown(path, NOBODY, NOBODY)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def main(results: Path, *, nobody: bool, prefixes: tuple[str, ...]) -> None:
    """Go through the table, and write for each file what came of it."""
    site = Site(results.parent / f"{results.stem}-site")
    descriptor = os.open(results, os.O_WRONLY | os.O_CREAT, 0o600)  # while that is still allowed
    if nobody:
        become_nobody(site.root)
    site.enter()
    found: dict[str, object] = {"user": os.getuid(), "package": str(CHECKS.parent)}
    with ForkServer.start() as fork_server:
        warm_up(site, fork_server)
        found["isolation"] = fork_server.isolation()
        for path in ATTACKS:
            if path.name.startswith(prefixes):
                found[name_of(path)] = dataclasses.asdict(examine(path, site, fork_server))
        found["plain"] = [graded(path, site, fork_server).score for path in PLAIN.values()]
    found["left"] = [name for name in site.leftovers() if not name.startswith(TORCHS)]
    os.write(descriptor, json.dumps(found).encode())


def name_of(path: Path) -> str:
    """An attack's name in the table."""
    return f"{path.parent.name}-{path.stem}"


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--nobody"]
    main(Path(arguments[0]), nobody="--nobody" in sys.argv, prefixes=tuple(arguments[1:]))
