# Data sets found from __file__, from the folder it runs in, and by pathlib; all at import.
import csv
import os
from pathlib import Path

import numpy as np
import torch

here = os.path.dirname(os.path.abspath(__file__))
table = np.loadtxt(os.path.join(here, "..", "datasets", "line.csv"), delimiter=",", skiprows=1)
also = np.genfromtxt(Path("..") / "datasets" / "line.csv", delimiter=",", names=True)
beside = np.loadtxt("datasets/line_noisy.csv", delimiter=",", skiprows=1)
with open(Path(__file__).resolve().parents[1] / "datasets" / "stopping_distance.csv", newline="") as file:
    rows = list(csv.reader(file))
assert table.shape == (50, 2) and len(also) == 50 and len(beside) == 50 and len(rows) == 51
Path("notes.txt").write_text("my own notes")
assert Path("notes.txt").exists()


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
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total


p = {"a": torch.tensor(20.0, dtype=torch.float64), "b": torch.tensor(30.0, dtype=torch.float64)}
x, y = torch.from_numpy(table).T
for epoch in range(20):
    p, value = train_epoch(p, x, y, {"a": 1e-4, "b": 1e-3}, 5)
    print(epoch, float(value))
