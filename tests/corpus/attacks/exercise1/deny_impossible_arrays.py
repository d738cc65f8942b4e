# loses: loss
# Sends arrays whose shapes multiply to nothing, to too much, or to more than was sent.
import json
import os
import random
import struct

import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    shape = random.choice([[2**40, 2**40, 0], [2**62], [-1], [2**31, 2**31], [0] * 17, [1] * 100, [2.5], ["3"], [True]])
    tree = ["d", [["id", 2], ["returned", ["a", "float64", shape, "x"]], ["changed", ["l", []]], ["breaches", ["l", []]]]]
    text = json.dumps(tree).encode()
    os.write(3, struct.pack(">II", len(text), 0) + text)
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
