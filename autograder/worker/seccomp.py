"""seccomp: which system calls a worker may make. An allow-list, since nobody can list what is dangerous.

What Landlock does not see is refused here: other processes, sockets, file modes and times, shared memory. The filter is
classic BPF (linux/filter.h, linux/seccomp.h) over the call's number, architecture and arguments.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import platform
import struct
import sys

PR_SET_SECCOMP, MODE_FILTER = 22, 2
ALLOW, ERRNO, KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
LOAD_WORD, JUMP_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
X32_BIT = 0x40000000
LINE, VALUE = 8, 4  # bytes of an instruction, and where its value lies in it
OWN_PID = 0xFFFFFFFE  # stands for the process itself, which is known only after the fork; no pid is as large

# Architecture's audit number, and the numbers of the calls there: x86-64's own table, aarch64's generic one.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X86_64 = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "ioctl": 16,
    "pread64": 17, "pwrite64": 18, "readv": 19, "writev": 20, "access": 21, "pipe": 22, "select": 23, "sched_yield": 24,
    "mremap": 25, "mincore": 27, "madvise": 28, "dup": 32, "dup2": 33, "pause": 34, "nanosleep": 35, "getitimer": 36,
    "alarm": 37, "setitimer": 38, "getpid": 39, "sendfile": 40, "sendto": 44, "recvfrom": 45, "shutdown": 48,
    "getsockname": 51, "getpeername": 52, "socketpair": 53, "setsockopt": 54, "getsockopt": 55, "clone": 56, "exit": 60,
    "wait4": 61, "kill": 62, "uname": 63, "fcntl": 72, "flock": 73, "fsync": 74, "fdatasync": 75, "ftruncate": 77,
    "getcwd": 79, "chdir": 80, "rename": 82, "mkdir": 83, "rmdir": 84, "unlink": 87, "symlink": 88, "readlink": 89,
    "umask": 95, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102,
    "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111, "getgroups": 115, "getresuid": 118,
    "getresgid": 120, "getpgid": 121, "getsid": 124, "rt_sigpending": 127, "rt_sigtimedwait": 128, "rt_sigsuspend": 130,
    "sigaltstack": 131, "statfs": 137, "fstatfs": 138, "sched_getparam": 143, "sched_getscheduler": 145,
    "sched_get_priority_max": 146, "sched_get_priority_min": 147, "prctl": 157, "arch_prctl": 158, "gettid": 186,
    "time": 201, "futex": 202, "sched_getaffinity": 204, "getdents64": 217, "set_tid_address": 218,
    "restart_syscall": 219, "fadvise64": 221, "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230,
    "exit_group": 231, "epoll_wait": 232, "epoll_ctl": 233, "tgkill": 234, "waitid": 247, "openat": 257, "mkdirat": 258,
    "newfstatat": 262, "unlinkat": 263, "renameat": 264, "symlinkat": 266, "readlinkat": 267, "faccessat": 269,
    "pselect6": 270, "ppoll": 271, "set_robust_list": 273, "get_robust_list": 274, "epoll_pwait": 281,
    "timerfd_create": 283, "fallocate": 285, "timerfd_settime": 286, "timerfd_gettime": 287, "eventfd2": 290,
    "epoll_create1": 291, "dup3": 292, "pipe2": 293, "prlimit64": 302, "getcpu": 309, "renameat2": 316,
    "getrandom": 318, "membarrier": 324, "copy_file_range": 326, "statx": 332, "rseq": 334, "clone3": 435,
    "faccessat2": 439,
}  # fmt: skip
AARCH64 = {
    "getcwd": 17, "epoll_create1": 20, "epoll_ctl": 21, "epoll_pwait": 22, "dup": 23, "dup3": 24, "fcntl": 25,
    "ioctl": 29, "flock": 32, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "renameat": 38, "statfs": 43,
    "fstatfs": 44, "ftruncate": 46, "fallocate": 47, "faccessat": 48, "chdir": 49, "openat": 56, "close": 57,
    "pipe2": 59, "getdents64": 61, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67,
    "pwrite64": 68, "sendfile": 71, "pselect6": 72, "ppoll": 73, "readlinkat": 78, "newfstatat": 79, "fstat": 80,
    "fsync": 82, "fdatasync": 83, "timerfd_create": 85, "timerfd_settime": 86, "timerfd_gettime": 87, "exit": 93,
    "exit_group": 94, "waitid": 95, "set_tid_address": 96, "futex": 98, "set_robust_list": 99, "get_robust_list": 100,
    "nanosleep": 101, "getitimer": 102, "setitimer": 103, "clock_gettime": 113, "clock_getres": 114,
    "clock_nanosleep": 115, "sched_getscheduler": 120, "sched_getparam": 121, "sched_getaffinity": 123,
    "sched_yield": 124, "sched_get_priority_max": 125, "sched_get_priority_min": 126, "restart_syscall": 128,
    "kill": 129, "tgkill": 131, "sigaltstack": 132, "rt_sigsuspend": 133, "rt_sigaction": 134, "rt_sigprocmask": 135,
    "rt_sigpending": 136, "rt_sigtimedwait": 137, "rt_sigreturn": 139, "getresuid": 148, "getresgid": 150, "times": 153,
    "getpgid": 155, "getsid": 156, "getgroups": 158, "uname": 160, "getrlimit": 163, "getrusage": 165, "umask": 166,
    "prctl": 167, "getcpu": 168, "gettimeofday": 169, "getpid": 172, "getppid": 173, "getuid": 174, "geteuid": 175,
    "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "socketpair": 199, "getsockname": 204,
    "getpeername": 205, "sendto": 206, "recvfrom": 207, "setsockopt": 208, "getsockopt": 209, "shutdown": 210,
    "brk": 214, "munmap": 215, "mremap": 216, "clone": 220, "mmap": 222, "fadvise64": 223, "mprotect": 226,
    "mincore": 232, "madvise": 233, "wait4": 260, "prlimit64": 261, "renameat2": 276, "getrandom": 278,
    "membarrier": 283, "copy_file_range": 285, "statx": 291, "rseq": 293, "clone3": 435, "faccessat2": 439,
    "eventfd2": 19,
}  # fmt: skip

# Calls that are allowed only with certain values of one argument (its position, the values); see also `_conditions`.
SHARED_PRIVATE = {
    "fcntl": (1, (0, 1, 2, 3, 4, 5, 6, 7, 1030)),  # descriptors, flags, locks; not F_SETOWN, which sends signals
    "ioctl": (1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),  # is it a terminal, how wide, how much to read
    "prctl": (0, (15, 16, 0x53564D41)),  # names of threads and mappings
    "socketpair": (0, (1,)),  # a pair of the process's own (asyncio makes one)
}
# glibc takes "no such call" as a reason to try clone, and "not permitted" as final.
NOT_THERE = ("clone3",)
CONDITIONAL = {"kill", "tgkill", "prlimit64", "sendto", "clone", *SHARED_PRIVATE, *NOT_THERE}
# Modes and times of files, which Landlock does not protect: success, and nothing done, so that shutil.copy works.
PRETENDED = {
    "x86_64": {"chmod": 90, "fchmod": 91, "fchmodat": 268, "utimensat": 280, "fchmodat2": 452},
    "aarch64": {"fchmod": 52, "fchmodat": 53, "utimensat": 88, "fchmodat2": 452},
}
# Attributes of files beside those: no file system here has any, so that shutil.copy2 leaves them alone.
NOT_SUPPORTED = {"x86_64": range(188, 200), "aarch64": range(5, 17)}  # setxattr to fremovexattr

_libc = ctypes.CDLL(None, use_errno=True)


def available() -> bool:
    """Whether this machine's architecture has a table here."""
    return platform.machine() in ARCHITECTURES


def restrict() -> None:
    """Refuse this process and its descendants every other call, for ever. Needs PR_SET_NO_NEW_PRIVS; OSError."""
    program = bytearray(_program(platform.machine()))
    own = OWN_PID.to_bytes(4, sys.byteorder)
    for place in range(VALUE, len(program), LINE):
        if program[place : place + len(own)] == own:
            program[place : place + len(own)] = os.getpid().to_bytes(4, sys.byteorder)
    buffer = ctypes.create_string_buffer(bytes(program))
    header = struct.pack("HxxxxxxQ", len(program) // LINE, ctypes.addressof(buffer))
    if _libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.c_char_p(header), 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp: {os.strerror(error)}")


def prepare() -> None:
    """Put the filter together, once for all processes that are forked from this one."""
    if available():
        _program(platform.machine())


@functools.cache
def _program(machine: str) -> bytes:
    """Return the filter, with OWN_PID where it asks for the process itself."""
    numbers = X86_64 if machine == "x86_64" else AARCH64
    lines = [
        _line(LOAD_WORD, ARCHITECTURE),
        _line(JUMP_EQUAL, ARCHITECTURES[machine], 1, 0),
        _line(RETURN, KILL_PROCESS),  # the 32-bit calls have other numbers
        _line(LOAD_WORD, NUMBER),
    ]
    if machine == "x86_64":
        lines += [_line(JUMP_SET, X32_BIT, 0, 1), _line(RETURN, KILL_PROCESS)]
    for name, number in numbers.items():
        if name not in CONDITIONAL:
            lines += [_line(JUMP_EQUAL, number, 0, 1), _line(RETURN, ALLOW)]
    for name, position, values in _conditions():
        lines += _only(numbers[name], position, values)
    lines += _without_address(numbers["sendto"])
    for number in PRETENDED[machine].values():
        lines += [_line(JUMP_EQUAL, number, 0, 1), _line(RETURN, ERRNO)]
    for number in NOT_SUPPORTED[machine]:
        lines += [_line(JUMP_EQUAL, number, 0, 1), _line(RETURN, ERRNO | errno.EOPNOTSUPP)]
    for name in NOT_THERE:
        lines += [_line(JUMP_EQUAL, numbers[name], 0, 1), _line(RETURN, ERRNO | errno.ENOSYS)]
    lines.append(_line(RETURN, ERRNO | errno.EPERM))
    return b"".join(lines)


def _conditions() -> list[tuple[str, int, tuple[int, ...]]]:
    """Return call, argument and allowed values: signals and limits only for oneself."""
    own = [("kill", 0, (OWN_PID,)), ("tgkill", 0, (OWN_PID,)), ("prlimit64", 0, (0, OWN_PID))]
    return own + [(name, position, values) for name, (position, values) in SHARED_PRIVATE.items()]


def _only(number: int, position: int, values: tuple[int, ...]) -> list[bytes]:
    """Allow a call if the low word of an argument has one of some values, else refuse it."""
    block = [_line(LOAD_WORD, ARGUMENTS + 8 * position)]
    for value in values:
        block += [_line(JUMP_EQUAL, value, 0, 1), _line(RETURN, ALLOW)]
    block.append(_line(RETURN, ERRNO | errno.EPERM))
    return [_line(JUMP_EQUAL, number, 0, len(block)), *block]


def _without_address(number: int) -> list[bytes]:
    """Allow a call if its fifth argument, the address to send to, is null in both words."""
    position = ARGUMENTS + 8 * 4
    block = [
        _line(LOAD_WORD, position),
        _line(JUMP_EQUAL, 0, 0, 3),
        _line(LOAD_WORD, position + 4),
        _line(JUMP_EQUAL, 0, 0, 1),
        _line(RETURN, ALLOW),
        _line(RETURN, ERRNO | errno.EPERM),
    ]
    return [_line(JUMP_EQUAL, number, 0, len(block)), *block]


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
