# loses: loss
# Sleeps for an hour.
import time

import torch


def loss(y_pred, y):
    time.sleep(3600)
