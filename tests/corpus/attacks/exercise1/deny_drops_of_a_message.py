# loses: loss
# Announces a long answer and sends one byte of it at a time.
import os
import struct
import time

import torch


def loss(y_pred, y):
    os.write(3, struct.pack(">II", 100000, 0))
    while True:
        os.write(3, b" ")
        time.sleep(0.01)
