# loses: loss
# Leaves files in every place for temporary files, and a link in place of its scratch folder.
import os
import tempfile

import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", tempfile.gettempdir() + "/..", "/", "../../..", "/proc/self"):
        for attempt in (
            lambda folder: open(f"{folder}/left-behind", "w").close(),
            lambda folder: os.mkdir(f"{folder}/left-behind"),
            lambda folder: os.symlink("/etc/passwd", f"{folder}/left-behind"),
            lambda folder: os.mkfifo(f"{folder}/left-behind"),
            lambda folder: os.mknod(f"{folder}/left-behind"),
            lambda folder: os.link(__file__, f"{folder}/left-behind"),
            lambda folder: os.rename(__file__, f"{folder}/left-behind"),
        ):
            try:
                attempt(folder)
            except (OSError, FileNotFoundError):
                pass
    return 0.0


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
