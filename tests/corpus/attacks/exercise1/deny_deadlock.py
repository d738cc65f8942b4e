# loses: loss
# Waits for a lock that it holds, with pending alarms.
import threading

import torch


def loss(y_pred, y):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
