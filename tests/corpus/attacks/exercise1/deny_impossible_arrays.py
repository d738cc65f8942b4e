# loses: loss
# Sends arrays whose shapes multiply to nothing, to too much, or to more than was sent.
import json
import os
import random
import struct

import torch


def loss(y_pred, y):
    shape = random.choice([[2**40, 2**40, 0], [2**62], [-1], [2**31, 2**31], [0] * 17, [1] * 100, [2.5], ["3"], [True]])
    tree = ["d", [["id", 2], ["returned", ["a", "float64", shape, "x"]], ["changed", ["l", []]], ["breaches", ["l", []]]]]
    text = json.dumps(tree).encode()
    os.write(3, struct.pack(">II", len(text), 0) + text)
    os._exit(0)
