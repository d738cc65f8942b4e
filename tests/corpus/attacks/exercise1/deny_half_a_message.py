# loses: loss
# Sends the beginning of an answer and then nothing more.
import os
import struct
import time

import torch


def loss(y_pred, y):
    os.write(3, struct.pack(">II", 1000, 0) + b'["d",[')
    time.sleep(3600)
