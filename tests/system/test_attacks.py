"""The table of attacks: hostile files gain nothing that they do not deserve, and leave nothing behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import attacking
import numpy
import pytest
import torch
from attacking import ATTACKS, PLAIN, Finding, Site, examine, graded, is_running, name_of
from corpus import header_of, losses_of
from places import DATASETS, KIT
from students import script

import autograder
from autograder.host.fork_server import ForkServer
from autograder.model import Limits

linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
pytestmark = linux
BY_USER = ("steal", "trace", "hand")  # kinds of attacks that fare by what their user may do
AFTER_EVERY = 10  # attacks a right submission is graded
TABLE = 600.0  # seconds that a whole table may take on a busy machine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "TMPDIR", "COURSE_SECRET", "XDG_CACHE_HOME"):
            patch.setenv(name, "")
        patch.setattr(tempfile, "tempdir", None)
        here = Site(tmp_path_factory.mktemp("site"))
        here.enter()
        yield here


@pytest.fixture(scope="module")
def sandbox(site: Site) -> Iterator[ForkServer]:
    with ForkServer.start() as running:
        if running.isolation() != "sandbox":
            pytest.skip("no sandbox here")
        attacking.warm_up(site, running)
        yield running


class Table:
    """A table in a process of its own, beside the one that goes on here."""

    def __init__(self, results: Path, command: list[str]) -> None:
        self._results, self._log = results, results.with_suffix(".log")
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        attacking.APART.add(self._process.pid)

    def results(self) -> dict:
        """Wait for what it found."""
        assert self._process.wait(TABLE) == 0, self._log.read_text(encoding="utf-8")[-2000:]
        return json.loads(self._results.read_text(encoding="utf-8"))

    def end(self) -> None:
        """End it where nobody waited for it."""
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module", autouse=True)
def elsewhere() -> Iterator[dict[str, Table]]:
    """As an ordinary user where we are root what hangs on that; and thefts with the grader in site-packages."""
    folder = Path(tempfile.mkdtemp(prefix="attacks-"))
    folder.chmod(0o755)  # pytest's own folders are for their owner only
    here = str(Path(attacking.__file__))
    tables = {}
    if os.getuid() == 0:
        command = ["env", f"PYTHONPATH={KIT}", sys.executable, here, str(folder / "nobody.json"), "--nobody", *BY_USER]
        tables["nobody"] = Table(folder / "nobody.json", [*open_to_all(folder), *command])
    command = [str(installed(folder / "venv")), here, str(folder / "installed.json"), "steal"]
    tables["installed"] = Table(folder / "installed.json", command)
    yield tables
    for table in tables.values():
        table.end()
    shutil.rmtree(folder, ignore_errors=True)


def open_to_all(folder: Path) -> list[str]:
    """What to put before a command, so that nobody can use a Python that lies in a closed home: a view of its own."""
    base = Path(sys.base_prefix).resolve()
    closed = next((parent for parent in reversed(base.parents) if not parent.stat().st_mode & 0o001), None)
    if closed is None:
        return []
    kept = folder / "python"
    kept.mkdir()
    view = (
        f"mount --bind {base} {kept} && mount -t tmpfs -o mode=755 tmpfs {closed} && mkdir -p {base} && "
        f'mount --bind {kept} {base} && exec "$@"'
    )
    return ["unshare", "--mount", "sh", "-c", view, "sh"]


def installed(folder: Path) -> Path:
    """A Python whose site-packages holds the grader beside torch and numpy; the rest it finds where it is here."""
    venv.create(folder, symlinks=True, with_pip=False)
    site_packages = next(folder.glob("lib/python3*/site-packages"))
    shutil.copytree(Path(autograder.__file__).parent, site_packages / "autograder")
    (site_packages / "backprop_exercises-1.dist-info").mkdir()
    (site_packages / "backprop_exercises-1.dist-info" / "METADATA").write_text("Name: backprop-exercises\nVersion: 1\n")
    roots = {Path(module.__file__).resolve().parents[1] for module in (torch, numpy, pytest)}
    for root in roots:
        for entry in root.iterdir():
            if entry.name.startswith(("torch", "functorch", "numpy")) and entry.is_dir():
                shutil.copytree(entry, site_packages / entry.name, copy_function=_linked, dirs_exist_ok=True)
    (site_packages / "others.pth").write_text("\n".join(map(str, roots)))
    return folder / "bin" / "python"


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def test_there_are_enough_and_each_says_what_it_tries() -> None:
    assert len(ATTACKS) >= 150
    for path in ATTACKS:
        first, second = header_of(path)[:2]
        assert first.startswith("# loses: ")
        assert second.startswith("# ")
        assert losses_of(path) <= {name for name, _ in attacking.find_exercise(KIT, path.parent.name).functions}


@pytest.mark.parametrize("path", ATTACKS, ids=name_of)
def test_an_attack_gains_nothing_and_leaves_nothing(path: Path, site: Site, sandbox: ForkServer) -> None:
    found = examine(path, site, sandbox)
    assert set(found.losing) == losses_of(path)
    assert found.trouble == ()
    if ATTACKS.index(path) % AFTER_EVERY == 0:
        right = graded(PLAIN[path.parent.name], site, sandbox)
        assert right.score == right.max_score


@pytest.mark.parametrize("name", PLAIN)
def test_after_all_of_them_a_right_submission_gets_full_marks(name: str, site: Site, sandbox: ForkServer) -> None:
    report = graded(PLAIN[name], site, sandbox)
    assert report.score == report.max_score
    assert report.grader.isolation == "sandbox"


@pytest.mark.parametrize("table", ["nobody", "installed"])
def test_elsewhere_they_fare_no_better(table: str, elsewhere: dict[str, Table]) -> None:
    if table not in elsewhere:
        pytest.skip("the table above was an ordinary user's")
    results = elsewhere[table].results()
    assert results["isolation"] == "sandbox"
    assert results["user"] == (attacking.NOBODY if table == "nobody" else os.getuid())
    assert ("site-packages" in results["package"]) == (table == "installed")
    assert results["plain"] == [20, 30, 20, 30]
    assert results["left"] == []
    there = [path for path in ATTACKS if name_of(path) in results]
    assert len(there) >= (60 if table == "nobody" else 20)
    wrong = {}
    for path in there:
        found = Finding(**results[name_of(path)])
        if set(found.losing) != losses_of(path) or found.trouble:
            wrong[name_of(path)] = found
    assert wrong == {}


BITING = ("steal_checks_by_path", "steal_checks_by_their_oracle", "steal_solution_beside_the_data", "steal_home",
          "steal_other_submissions", "steal_solution_and_become_it", "steal_solution_when_called", "steal_from_proc",
          "steal_by_starting_programs", "trace_in_temporary_folders")  # fmt: skip


@pytest.fixture(scope="module")
def unconfined(site: Site) -> Iterator[ForkServer]:
    with ForkServer.start(isolation="process") as running:
        attacking.warm_up(site, running)
        yield running


@pytest.mark.parametrize("name", BITING)
def test_without_a_sandbox_the_same_files_would_bite(name: str, tmp_path: Path, unconfined: ForkServer) -> None:
    (path,) = (path for path in ATTACKS if path.stem == name)
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("HOME", "TMPDIR", "COURSE_SECRET", "XDG_CACHE_HOME"):
            patch.setenv(variable, "")
        patch.setattr(tempfile, "tempdir", None)
        here = Site(tmp_path)
        here.enter()
        found = examine(path, here, unconfined)
    assert found.trouble or set(found.losing) != losses_of(path)


class TestLeavingNothing:
    def test_without_a_sandbox_what_was_started_ends_with_its_worker(self, unconfined: ForkServer) -> None:
        code = (
            "import os, subprocess\ndef f():\n"
            "    reading, writing = os.pipe()\n"
            "    if os.fork() == 0:\n"
            "        os.setsid()\n"
            "        if os.fork() == 0:\n"
            "            os.write(writing, str(os.getpid()).encode())\n"
            "            while True: pass\n"
            "        os._exit(0)\n"
            "    return int(os.read(reading, 20)), subprocess.Popen(['sleep', '100'], start_new_session=True).pid"
        )
        worker = unconfined.worker(DATASETS, Limits())
        worker.load(script(code), "exercise1")
        pids = worker.call("f", [], 10).value
        assert all(is_running(pid) for pid in pids)
        worker.close()
        assert not any(is_running(pid) for pid in pids)

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
    def test_a_grader_that_is_killed_leaves_no_scratch_and_no_worker(self, number: int, tmp_path: Path) -> None:
        submission = tmp_path / "exercise1.py"
        submission.write_text("while True: pass", encoding="utf-8")
        temporary = tmp_path / "tmp"
        temporary.mkdir()
        command = [sys.executable, "-m", "autograder.cli.grade", "exercise1", str(submission)]
        before = set(attacking.descendants())
        grader = subprocess.Popen(
            command, cwd=KIT, env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL
        )
        assert eventually(lambda: any(temporary.glob("grade-*/*/exercises/exercise1.py")))
        below = set(attacking.descendants()) - before
        assert len(below) > 1
        grader.send_signal(number)
        grader.wait(10)
        assert eventually(lambda: not any(temporary.glob("grade-*")))
        assert eventually(lambda: not any(is_running(pid) for pid in below))


def eventually(is_so: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether something becomes so before long."""
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()
