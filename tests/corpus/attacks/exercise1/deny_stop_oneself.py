# loses: loss
# Stops its own process, which then answers nothing and does not end.
import os
import signal

import torch


def loss(y_pred, y):
    os.kill(os.getpid(), signal.SIGSTOP)
