# loses: loss
# Fills the disk through descriptors of files that have no name: removed ones, and some that never had one.
import os
import tempfile
import time

import torch


KEPT = []


def loss(y_pred, y):
    for number in range(6):
        KEPT.append(tempfile.TemporaryFile())
        KEPT[-1].write(bytes(30 << 20))
        KEPT[-1].flush()
        file = os.open(f"f{number}", os.O_RDWR | os.O_CREAT)
        os.unlink(f"f{number}")
        os.write(file, bytes(30 << 20))
    time.sleep(1)  # time enough to be seen; then the right answer
    return torch.sum((y_pred - y) ** 2) / 2
