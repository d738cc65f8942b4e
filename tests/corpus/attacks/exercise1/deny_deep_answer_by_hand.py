# loses: loss
# Sends a tree that is nested more deeply than a parser can go.
import os
import struct

import torch


def loss(y_pred, y):
    text = b'["l",[' * 200_000 + b"]]" * 200_000
    os.write(3, struct.pack(">II", len(text), 0))
    view = memoryview(text)
    while view:
        view = view[os.write(3, view) :]
    return 0.0
