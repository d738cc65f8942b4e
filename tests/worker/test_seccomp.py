"""seccomp: which system calls a worker may make."""

import errno
import struct

import pytest
from workers import value

from autograder.worker import seccomp

# Expressions of code that a worker may evaluate, and what it gets: None for success, or the error's number.
TRIED = {
    "os.getpid()": None,
    "os.kill(os.getpid(), 0)": None,
    "os.kill(os.getppid(), 0)": errno.EPERM,
    "os.fork()": errno.EPERM,
    "os.execv('/bin/true', ['true'])": errno.EPERM,
    "socket.socket()": errno.EPERM,
    "socket.socketpair()": None,
    "resource.prlimit(os.getppid(), resource.RLIMIT_CPU)": errno.EPERM,
    "resource.prlimit(0, resource.RLIMIT_CPU)": None,
    "os.setxattr('.', 'user.x', b'')": errno.EOPNOTSUPP,
    "os.chmod('.', 0)": None,
    "os.listdir('.')": None,
    "os.link('exercise1.py', 'other')": errno.EPERM,
    "os.mkfifo('pipe')": errno.EPERM,
    "os.posix_fallocate(os.open('f', os.O_RDWR | os.O_CREAT), 0, 9999)": None,  # which glibc writes then
    "fcntl.flock(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_EX)": None,
    "fcntl.lockf(os.open('f', os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)": None,
    "fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)": errno.EPERM,
}
CODE = """
import fcntl, os, resource, socket
def f(expression):
    try: eval(expression)
    except OSError as error: return error.errno
"""


@pytest.mark.parametrize("expression", TRIED)
def test_a_worker_may_do_what_is_its_own_business(sandbox, expression):
    assert value(sandbox, CODE, expression) == TRIED[expression]


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
def test_each_jump_of_the_filter_lands_inside_it_and_it_ends_with_a_refusal(machine):
    lines = list(struct.iter_unpack("HBBI", seccomp._program(machine)))
    assert len(lines) < 4096  # the kernel takes no more
    for index, (code, if_true, if_false, _) in enumerate(lines):
        if code in (seccomp.JUMP_EQUAL, seccomp.JUMP_SET):
            assert index + 1 + max(if_true, if_false) < len(lines)
    assert lines[-1] == (seccomp.RETURN, 0, 0, seccomp.ERRNO | errno.EPERM)


def verdict(machine: str, number: int, *arguments: int) -> int:
    """What the filter says to a call, by the rules of classic BPF."""
    data = struct.pack("=iIQ6Q", number, seccomp.ARCHITECTURES[machine], 0, *arguments, *[0] * (6 - len(arguments)))
    lines, position, word = list(struct.iter_unpack("HBBI", seccomp._program(machine))), 0, 0
    while True:
        code, if_true, if_false, number = lines[position]
        position += 1
        if code == seccomp.RETURN:
            return number
        if code == seccomp.LOAD_WORD:
            (word,) = struct.unpack_from("=I", data, number)
        else:
            holds = word == number if code == seccomp.JUMP_EQUAL else word & number
            position += if_true if holds else if_false


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
def test_the_filter_says_the_same_on_each_architecture(machine):
    place = list(seccomp.ARCHITECTURES).index(machine)
    numbers = {name: each[place] for name, each in seccomp.CALLS.items() if each[place] is not None}
    refused = seccomp.ERRNO | errno.EPERM
    allowed = [name for name in numbers if verdict(machine, numbers[name]) == seccomp.ALLOW]
    assert {"read", "write", "openat", "mmap", "exit_group"} <= set(allowed)
    assert verdict(machine, numbers["kill"], seccomp.OWN_PID) == seccomp.ALLOW
    assert verdict(machine, numbers["kill"], 1) == refused
    assert verdict(machine, numbers["clone"]) == refused
    assert verdict(machine, numbers["clone3"]) == seccomp.ERRNO | errno.ENOSYS
    assert verdict(machine, numbers["sendto"], 3) == seccomp.ALLOW
    assert verdict(machine, numbers["sendto"], 3, 0, 0, 0, 1 << 40) == refused
    wake, private = 1, seccomp.FUTEX_PRIVATE
    assert verdict(machine, numbers["futex"], 0, wake | private) == seccomp.ALLOW
    assert verdict(machine, numbers["futex"], 0, wake) == refused
    assert verdict(machine, numbers["fcntl"], 3, 2) == seccomp.ALLOW
    assert [verdict(machine, numbers["fcntl"], 3, lock) for lock in (6, 7)] == [seccomp.ERRNO] * 2
    assert [verdict(machine, numbers["fcntl"], 3, lock) for lock in (37, 38, 1024, 1026)] == [refused] * 4
    assert verdict(machine, seccomp.PRETENDED[machine]["fchmod"]) == seccomp.ERRNO
    assert verdict(machine, 9999) == refused
