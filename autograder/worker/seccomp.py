"""seccomp: which system calls a worker may make. An allow-list, since nobody can list what is dangerous.

What Landlock does not see is refused here: other processes, sockets, file modes and times, shared memory. The filter is
classic BPF (linux/filter.h, linux/seccomp.h) over the call's number, architecture and arguments.
"""

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
LINE = 8  # bytes of an instruction
OWN_PID = 0xFFFFFFFE  # stands for the process itself, which is known only after the fork; nothing else looks like it

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # audit numbers
# The calls that are allowed, and their numbers on each: x86-64 has a table of its own, aarch64 the generic one.
CALLS = {
    "read": (0, 63), "write": (1, 64), "open": (2, None), "close": (3, 57), "stat": (4, None), "fstat": (5, 80),
    "lstat": (6, None), "poll": (7, None), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "ioctl": (16, 29), "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65),
    "writev": (20, 66), "access": (21, None), "pipe": (22, None), "select": (23, None), "sched_yield": (24, 124),
    "mremap": (25, 216), "msync": (26, 227), "madvise": (28, 233), "dup": (32, 23), "dup2": (33, None),
    "pause": (34, None), "nanosleep": (35, 101), "getitimer": (36, 102), "alarm": (37, None), "setitimer": (38, 103),
    "getpid": (39, 172), "sendfile": (40, 71), "sendto": (44, 206), "recvfrom": (45, 207), "shutdown": (48, 210),
    "getsockname": (51, 204), "getpeername": (52, 205), "socketpair": (53, 199), "setsockopt": (54, 208),
    "getsockopt": (55, 209), "clone": (56, 220), "exit": (60, 93), "wait4": (61, 260), "kill": (62, 129),
    "uname": (63, 160), "fcntl": (72, 25), "fsync": (74, 82), "fdatasync": (75, 83),
    "ftruncate": (77, 46), "getcwd": (79, 17), "chdir": (80, 49), "rename": (82, None), "mkdir": (83, None),
    "rmdir": (84, None), "unlink": (87, None), "symlink": (88, None), "readlink": (89, None), "umask": (95, 166),
    "gettimeofday": (96, 169), "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179),
    "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177),
    "getppid": (110, 173), "getpgrp": (111, None), "getgroups": (115, 158), "getresuid": (118, 148),
    "getresgid": (120, 150), "getpgid": (121, 155), "getsid": (124, 156), "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132), "statfs": (137, 43),
    "fstatfs": (138, 44), "sched_getparam": (143, 121), "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125), "sched_get_priority_min": (147, 126), "prctl": (157, 167),
    "arch_prctl": (158, None), "gettid": (186, 178), "time": (201, None), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "getdents64": (217, 61), "set_tid_address": (218, 96),
    "restart_syscall": (219, 128), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "epoll_wait": (232, None), "epoll_ctl": (233, 21),
    "tgkill": (234, 131), "waitid": (247, 95), "openat": (257, 56), "mkdirat": (258, 34), "newfstatat": (262, 79),
    "unlinkat": (263, 35), "renameat": (264, 38), "symlinkat": (266, 36), "readlinkat": (267, 78),
    "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73), "set_robust_list": (273, 99),
    "get_robust_list": (274, 100), "epoll_pwait": (281, 22), "timerfd_create": (283, 85),
    "timerfd_settime": (286, 86), "timerfd_gettime": (287, 87), "eventfd2": (290, 19), "epoll_create1": (291, 20),
    "dup3": (292, 24), "pipe2": (293, 59), "prlimit64": (302, 261), "getcpu": (309, 168), "renameat2": (316, 276),
    "getrandom": (318, 278), "membarrier": (324, 283), "copy_file_range": (326, 285), "statx": (332, 291),
    "rseq": (334, 293), "clone3": (435, 435), "faccessat2": (439, 439),
}  # fmt: skip

# Calls that are allowed only with certain values of one argument (its position, the values).
ONLY: dict[str, tuple[int, tuple[int, ...]]] = {
    "kill": (0, (OWN_PID,)),
    "tgkill": (0, (OWN_PID,)),
    "prlimit64": (0, (0, OWN_PID)),  # oneself
    "fcntl": (1, (0, 1, 2, 3, 4, 5, 1030)),  # descriptors, flags; not F_SETOWN and leases, which send signals
    "ioctl": (1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),  # is it a terminal, how wide, how much to read
    "prctl": (0, (15, 16, 0x53564D41)),  # names of threads and mappings
    "socketpair": (0, (1,)),  # a pair of the process's own (asyncio makes one)
}
# glibc takes "no such call" as a reason to try clone, and "not permitted" as final.
NOT_THERE = "clone3"
CONDITIONAL = {"sendto", "futex", "clone", NOT_THERE, *ONLY}
# Success, and nothing done: modes and times of files, which Landlock does not protect, so that shutil.copy works; locks
# and advice about a file that others read too, by which one worker could tell another what it was asked. Nobody else
# is in a worker's own folder, so that a lock there is always had (sqlite asks for some).
PRETENDED = {
    "x86_64": {"chmod": 90, "fchmod": 91, "fchmodat": 268, "utimensat": 280, "fchmodat2": 452, "flock": 73,
               "fadvise64": 221},
    "aarch64": {"fchmod": 52, "fchmodat": 53, "utimensat": 88, "fchmodat2": 452, "flock": 32, "fadvise64": 223},
}  # fmt: skip
PRETENDED_LOCKS = (6, 7)  # F_SETLK, F_SETLKW of fcntl
# Attributes of files beside those, setxattr to fremovexattr: no file system here has any, so that shutil.copy2 leaves
# them alone. Nor does any set space aside at once, which fills a disk in no time: glibc writes it then.
NOT_SUPPORTED = {"x86_64": (*range(188, 200), 285), "aarch64": (*range(5, 17), 47)}
FUTEX_PRIVATE = 128  # the flag without which two processes meet at a file that both have mapped

_libc = ctypes.CDLL(None, use_errno=True)


def available() -> bool:
    """Whether this machine's architecture has a table here."""
    return platform.machine() in ARCHITECTURES


def restrict() -> None:
    """Refuse this process and its descendants every other call, for ever. Needs PR_SET_NO_NEW_PRIVS; OSError."""
    own, pid = (number.to_bytes(4, sys.byteorder) for number in (OWN_PID, os.getpid()))
    program = _program(platform.machine()).replace(own, pid)
    buffer = ctypes.create_string_buffer(program)
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
    position = list(ARCHITECTURES).index(machine)
    numbers = {name: number for name, each in CALLS.items() if (number := each[position]) is not None}
    lines = [
        _line(LOAD_WORD, ARCHITECTURE),
        _line(JUMP_EQUAL, ARCHITECTURES[machine], 1, 0),
        _line(RETURN, KILL_PROCESS),  # the 32-bit calls have other numbers
        _line(LOAD_WORD, NUMBER),
    ]
    if machine == "x86_64":
        lines += [_line(JUMP_SET, X32_BIT, 0, 1), _line(RETURN, KILL_PROCESS)]
    answers = {number: ALLOW for name, number in numbers.items() if name not in CONDITIONAL}
    answers |= dict.fromkeys(PRETENDED[machine].values(), ERRNO)
    answers |= dict.fromkeys(NOT_SUPPORTED[machine], ERRNO | errno.EOPNOTSUPP)
    answers[numbers[NOT_THERE]] = ERRNO | errno.ENOSYS
    for number, answer in answers.items():
        lines += [_line(JUMP_EQUAL, number, 0, 1), _line(RETURN, answer)]
    for name, (position, values) in ONLY.items():
        lines += _only(numbers[name], position, values, PRETENDED_LOCKS if name == "fcntl" else ())
    lines += [*_without_address(numbers["sendto"]), *_private(numbers["futex"])]
    return b"".join([*lines, _line(RETURN, ERRNO | errno.EPERM)])


def _only(number: int, position: int, values: tuple[int, ...], pretended: tuple[int, ...]) -> list[bytes]:
    """Allow a call if the low word of an argument has one of some values, pretend it for others, else refuse it."""
    block = [_line(LOAD_WORD, ARGUMENTS + 8 * position)]
    for value in values:
        block += [_line(JUMP_EQUAL, value, 0, 1), _line(RETURN, ALLOW)]
    for value in pretended:
        block += [_line(JUMP_EQUAL, value, 0, 1), _line(RETURN, ERRNO)]
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


def _private(number: int) -> list[bytes]:
    """Allow futex on memory of the process's own."""
    flag = [_line(JUMP_SET, FUTEX_PRIVATE, 0, 1), _line(RETURN, ALLOW), _line(RETURN, ERRNO | errno.EPERM)]
    return [_line(JUMP_EQUAL, number, 0, 1 + len(flag)), _line(LOAD_WORD, ARGUMENTS + 8), *flag]


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
