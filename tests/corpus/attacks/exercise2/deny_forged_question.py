# loses: train_step
# Sends questions that are none: no function, a function of no exercise, arguments that are no list, and endless ones.
import json
import os
import struct

import torch


def frame(tree, payload=b""):
    """A message in the encoding of the pipe."""
    text = json.dumps(tree).encode()
    return struct.pack(">II", len(text), len(payload)) + text + payload


def train_step(parameters, x, y, learning_rates):
    for tree in (
        [["ask", "forward"]],
        [["ask", "__init__"], ["arguments", ["l", []]], ["keywords", ["d", []]]],
        [["ask", ["l", []]], ["arguments", 5], ["keywords", 5]],
    ):
        os.write(3, frame(["d", tree]))
    return parameters, 0.0
