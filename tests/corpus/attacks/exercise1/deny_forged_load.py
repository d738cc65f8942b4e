# loses: everything
# Answers the order to load itself by a message with a syntax error at an impossible place, endless traces and names.
import json
import os
import struct

import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


trace = ["l", [["l", ["exercise1.py", 10**4000, "f" * 10**5, "t" * 10**5]]] * 20]
error = ["d", [["type", "E" * 10**5], ["text", "x" * 10**5], ["trace", trace], ["syntax", ["l", [10**4000, 10**18, "x"]]]]]
stopped = ["l", [["l", ["exercise1.py", error]]] * 5]
tree = ["d", [["id", 1], ["callables", ["l", ["loss" * 20000] * 50]], ["stopped", stopped]]]
text = json.dumps(tree).encode()
view = memoryview(struct.pack(">II", len(text), 0) + text)
while view:
    view = view[os.write(3, view) :]
os._exit(0)
