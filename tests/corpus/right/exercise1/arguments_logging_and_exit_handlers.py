# sys.argv, argparse, logging, atexit, seeds, interpreter settings and environment variables at import.
import argparse
import atexit
import gc
import locale
import logging
import os
import random
import sys
import time

import numpy as np
import torch

logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(message)s")
log = logging.getLogger(__name__)
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
options = parser.parse_args(sys.argv[1:])
atexit.register(lambda: print("bye"))
os.environ["MY_SETTING"] = "1"
random.seed(time.time())
np.random.seed(3)
torch.manual_seed(random.randint(0, 1000))
torch.set_printoptions(precision=2, sci_mode=False)
torch.set_num_threads(1)
np.set_printoptions(precision=1)
np.seterr(all="raise")
sys.setrecursionlimit(5000)
gc.disable()
locale.setlocale(locale.LC_ALL, "C")


def predict(parameters, x):
    log.info("noise %s %s", torch.rand(3), random.random())
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    np.random.shuffle([1, 2, 3])
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    time.sleep(0.001)
    order = torch.randperm(len(x))
    x, y = x[order], y[order]
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    log.debug("update %r", os.environ.get("MY_SETTING"))
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
