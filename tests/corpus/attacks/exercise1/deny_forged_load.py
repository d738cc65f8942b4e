# loses: everything
# Answers the order to load itself by a message with a syntax error at an impossible place, endless traces and names.
import json
import os
import struct

import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total


trace = ["l", [["l", ["exercise1.py", 10**4000, "f" * 10**5, "t" * 10**5]]] * 20]
error = ["d", [["type", "E" * 10**5], ["text", "x" * 10**5], ["trace", trace], ["syntax", ["l", [10**4000, 10**18, "x"]]]]]
stopped = ["l", [["l", ["exercise1.py", error]]] * 5]
tree = ["d", [["id", 1], ["callables", ["l", ["loss" * 20000] * 50]], ["stopped", stopped]]]
text = json.dumps(tree).encode()
view = memoryview(struct.pack(">II", len(text), 0) + text)
while view:
    view = view[os.write(3, view) :]
os._exit(0)
