"""How much of the disk a worker may hold, with a name and without."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time

import pytest
from workers import called, lost

from autograder.host import disk_quota

PAGE = 4096  # what the smallest file takes of a disk
LIBC = ctypes.CDLL(None)
LIBC.mmap.restype = ctypes.c_void_p


def mapped(file: int) -> int:
    """Map a page of a file; Python's own way would keep the file open as well."""
    return LIBC.mmap(None, ctypes.c_size_t(PAGE), 1, 1, file, ctypes.c_long(0))


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(disk_quota, "MAX_BYTES", 10 * PAGE)
    monkeypatch.setattr(disk_quota, "MAX_ENTRIES", 10)


def is_overfull(folder):
    return disk_quota.is_overfull(folder, os.getpid(), 4 * PAGE)


def test_what_is_within_both_bounds_is_fine(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for number in range(5):
        (tmp_path / "a" / f"{number}").write_bytes(b"x" * 100)
    (tmp_path / "link").symlink_to("/usr")  # whose contents are not the student's
    assert not is_overfull(tmp_path)
    assert not is_overfull(tmp_path / "missing")


@pytest.mark.parametrize(("number", "size"), [(11, 0), (2, 6 * PAGE)])
def test_too_many_files_and_too_large_ones_are_too_much(tmp_path, number, size):
    (tmp_path / "a").mkdir()
    for name in range(number - 1):
        (tmp_path / "a" / f"{name}").write_bytes(b"x" * size)
    (tmp_path / "last").write_bytes(b"x" * size)
    assert is_overfull(tmp_path)


def test_holes_and_what_is_set_aside_for_a_file_count_too(tmp_path):
    with (tmp_path / "holes").open("wb") as file:
        file.truncate(11 * PAGE)
    assert is_overfull(tmp_path)
    (tmp_path / "holes").unlink()
    assert disk_quota._size(os.stat_result((0o100644, 1, 1, 1, 0, 0, 5, 0, 0, 0), {"st_blocks": 24})) == 24 * 512


def test_what_is_deeper_than_a_path_can_name_is_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(disk_quota, "MAX_ENTRIES", 10_000)
    monkeypatch.chdir(tmp_path)
    for _ in range(30):
        os.mkdir("d" * 200)  # noqa: PTH102
        os.chdir("d" * 200)
    monkeypatch.chdir(tmp_path)
    assert is_overfull(tmp_path)


class TestWithoutAName:
    @pytest.fixture(autouse=True)
    def _linux(self):
        if not os.path.exists("/proc/self/fd"):  # noqa: PTH110
            pytest.skip("/proc is Linux's")

    def test_removed_files_that_are_open_count(self, tmp_path):
        with tempfile.TemporaryFile(dir=tmp_path) as never_named, (tmp_path / "f").open("wb") as removed:
            (tmp_path / "f").unlink()
            never_named.write(b"x" * 5 * PAGE)
            never_named.flush()
            assert not is_overfull(tmp_path)
            removed.write(b"x" * 6 * PAGE)
            removed.flush()
            assert is_overfull(tmp_path)
        assert not is_overfull(tmp_path)

    def test_removed_and_replaced_files_that_are_mapped_count_as_the_largest(self, tmp_path):
        kept = []
        for number in range(3):
            with (tmp_path / "f").open("wb+") as file:
                file.truncate(PAGE)
                kept.append(mapped(file.fileno()))
            if number:
                (tmp_path / "f").unlink()
            else:
                (tmp_path / "g").touch()
                (tmp_path / "g").rename(tmp_path / "f")
            assert is_overfull(tmp_path) == (number == 2)
        assert not is_overfull(tmp_path.parent / "another")
        for address in kept:
            LIBC.munmap(ctypes.c_void_p(address), ctypes.c_size_t(PAGE))
        assert not is_overfull(tmp_path)

    def test_of_a_process_that_has_gone_nothing_is_said(self, tmp_path):
        assert not disk_quota.is_overfull(tmp_path, 1 << 30, PAGE)


RESTLESS = {
    "renamed": """
for number in range(3): os.truncate(os.open(f"a{number}", os.O_CREAT), SIZE)
while True:
    for number in range(3): os.rename(f"a{number}", f"b{number}")
    for number in range(3): os.rename(f"b{number}", f"a{number}")
""",
    "behind others": """
for number in range(3): os.truncate(os.open(f"a{number}", os.O_CREAT), SIZE)
while True:
    for number in range(5): os.close(os.open(f"{number}", os.O_CREAT))
    for number in range(5): os.unlink(f"{number}")
""",
    "handed on": """
for number in range(3):
    os.truncate(os.open("a", os.O_CREAT), SIZE)
    os.unlink("a")
while True:
    for number in range(3): os.close(number + 3 if os.dup2(number + 3, number + 20) else 0)
    for number in range(3): os.close(number + 20 if os.dup2(number + 20, number + 3) else 0)
""",
}


@pytest.mark.parametrize("name", RESTLESS)
def test_what_is_never_at_rest_is_seen_all_the_same(name, tmp_path, monkeypatch):
    if not os.path.exists("/proc/self/fd"):  # noqa: PTH110
        pytest.skip("/proc is Linux's")
    monkeypatch.setattr(disk_quota, "MAX_ENTRIES", 100)
    code = "import os\n" + RESTLESS[name].replace("SIZE", str(4 * PAGE)).replace("os.truncate(", "os.ftruncate(")
    code = code.replace("os.O_CREAT", "os.O_CREAT | os.O_RDWR")
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    try:
        time.sleep(0.5)
        assert [disk_quota.is_overfull(tmp_path, worker.pid, PAGE) for _ in range(30)] == [True] * 30
        assert disk_quota._state(worker.pid) != "T"
        worker.send_signal(signal.SIGSTOP)
        time.sleep(0.1)
        assert disk_quota.is_overfull(tmp_path, worker.pid, PAGE)
        assert disk_quota._state(worker.pid) == "T", "it had stopped itself"
    finally:
        worker.kill()
        worker.wait()


def test_a_disk_may_run_out_of_files_before_it_runs_out_of_bytes(tmp_path, monkeypatch):
    found = os.statvfs(tmp_path)
    monkeypatch.setattr(os, "statvfs", lambda _path: os.statvfs_result((*found[:5], 1000, 10, 10, *found[8:10])))
    assert disk_quota.free(tmp_path) == 10 * disk_quota.ENTRY
    assert disk_quota.is_full()


HOLDING = """
import ctypes, os, time
map_file = ctypes.CDLL(None).mmap
def f():
    for name in "abcdefgh":
        file = os.open(name, os.O_RDWR | os.O_CREAT)
        os.write(file, bytes(PAGE))
        map_file(None, ctypes.c_size_t(PAGE), 1, 1, file, ctypes.c_long(0))
        os.close(file)
        os.unlink(name)
    time.sleep(1)
""".replace("PAGE", str(PAGE))


def test_a_worker_that_holds_removed_files_is_ended(fork_server):
    if fork_server.isolation() != "sandbox":
        pytest.skip("no sandbox here")
    assert "larger files than an exercise needs" in lost(called(fork_server, HOLDING, file_size=4 * PAGE), "protocol")


def test_a_few_removed_files_are_fine(fork_server, monkeypatch):
    monkeypatch.setattr(disk_quota, "MAX_BYTES", 9 * PAGE * 4)
    assert called(fork_server, HOLDING, file_size=4 * PAGE).value is None
