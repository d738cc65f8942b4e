# loses: loss
# Prints without end, to both streams, in one line.
import os

import torch


def loss(y_pred, y):
    while True:
        os.write(1, b"x" * 65536)
        os.write(2, b"y" * 65536)
