# loses: loss
# Sends its answer a second time when it is destroyed.
import json
import os
import struct

import torch


def frame(tree, payload=b""):
    """A message in the encoding of the pipe."""
    text = json.dumps(tree).encode()
    return struct.pack(">II", len(text), len(payload)) + text + payload


class Twice(float):
    def __del__(self):
        os.write(3, frame(["d", [["id", 2], ["returned", ["f", "0x1p0"]], ["changed", ["l", []]], ["breaches", ["l", []]]]]))


def loss(y_pred, y):
    return Twice(float(torch.sum((y_pred - y) ** 2) / 2))
