# loses: loss
# Overflows the stack of C by nested structures that C code walks through.
import sys

import torch


def loss(y_pred, y):
    nested = ()
    for _ in range(10**6):
        nested = (nested,)
    return hash(nested) * 0.0 + sys.getsizeof(repr(nested))
