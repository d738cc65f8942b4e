"""Memory in huge pages holds what it held."""

import subprocess
import sys

import pytest
from places import KIT

CODE = """
import mmap
from autograder.worker import huge_pages
memory = mmap.mmap(-1, 3 * huge_pages.HUGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for page in range(0, len(memory), 4096): memory[page] = page // 4096 % 251
before = memory[:]
assert any(end - start >= len(memory) for start, end in huge_pages._private())
huge_pages.collapse()
assert memory[:] == before
lines = open("/proc/self/smaps_rollup").read().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc and madvise are Linux's")
def test_what_lies_in_memory_stays_and_its_pages_are_huge():
    done = subprocess.run([sys.executable, "-c", CODE], cwd=KIT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    if not int(done.stdout):
        pytest.skip("no huge pages here")
    assert int(done.stdout) >= 2 * 2048  # kB; of three, two are aligned
