# platform, os, getpass, shutil; clears the screen; all harmless.
import getpass
import os
import platform
import shutil
import socket
import sys
import time

import torch

os.system("cls" if os.name == "nt" else "clear")
print(platform.platform(), platform.python_version(), sys.version, os.cpu_count(), os.getpid(), socket.gethostname())
print(getpass.getuser(), shutil.get_terminal_size(), time.strftime("%c"), torch.__version__, torch.cuda.is_available())
print(torch.get_num_threads(), torch.backends.mps.is_available(), os.getcwd(), os.listdir("."), os.environ.get("HOME"))
device = "cuda" if torch.cuda.is_available() else "cpu"
print(torch.__config__.show()[:100], torch.get_default_dtype())


def predict(parameters, x):
    return (parameters["a"].to(device) * x.to(device) + parameters["b"].to(device)).cpu()


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
