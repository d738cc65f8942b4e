# loses: loss, output_delta
# Answers each call wrongly and just before its deadline.
import time

import torch


def loss(Y_pred, Y):
    time.sleep(0.1)
    return 0.0


def output_delta(Y_pred, Y):
    time.sleep(0.1)
    return Y
