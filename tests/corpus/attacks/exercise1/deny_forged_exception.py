# loses: loss
# Answers with an exception of its own making: endless trace, lines below zero, texts of a hundred thousand letters.
import json
import os
import struct

import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    trace = ["l", [["l", ["exercise1.py", -(10**4000), "f" * 10**4, "t" * 10**4]]] * 200]
    error = ["d", [["type", "E\n" * 10**4], ["text", "x\n" * 10**4], ["trace", trace]]]
    tree = ["d", [["id", 2], ["raised", error], ["breaches", ["l", [["l", ["exercise1.py", 10**4000, "f"]]] * 100]]]]
    text = json.dumps(tree).encode()
    view = memoryview(struct.pack(">II", len(text), 0) + text)
    while view:
        view = view[os.write(3, view) :]
    os._exit(0)


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
