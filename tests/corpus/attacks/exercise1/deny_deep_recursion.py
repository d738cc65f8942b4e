# loses: loss
# Recurses for ever with the limit lifted, until the C stack or the memory ends.
import sys

import torch


def loss(y_pred, y):
    sys.setrecursionlimit(10**9)

    class Deep:
        def __getattr__(self, name):
            return getattr(self, name + "x"[:0])

        def __repr__(self):
            return repr([self])

    return repr(Deep())
