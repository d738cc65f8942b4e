# loses: loss
# Ends the process by a wrong address, by abort, by an illegal instruction.
import ctypes
import os

import torch


def loss(y_pred, y):
    ctypes.string_at(0)
    os.abort()
