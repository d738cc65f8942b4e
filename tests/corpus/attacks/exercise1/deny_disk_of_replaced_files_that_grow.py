# loses: loss
# Fills the disk with mapped files that others have been renamed over, whose holes it fills through memory.
import mmap
import os
import time

import torch


KEPT = []


def loss(y_pred, y):
    for number in range(12):
        with open("f", "wb+") as file:
            file.truncate(30 << 20)
            KEPT.append(mmap.mmap(file.fileno(), 30 << 20))
        open("g", "w").close()
        os.rename("g", "f")
    for mapped in KEPT:
        for page in range(0, len(mapped), 4096):
            mapped[page] = 1
    time.sleep(1)  # time enough to be seen; then the right answer
    return torch.sum((y_pred - y) ** 2) / 2
