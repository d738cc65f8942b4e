# loses: loss
# Returns objects whose conversion to numbers loops, exits or recurses.
import os

import torch


def loss(y_pred, y):
    class Trap:
        def __array__(self, *arguments, **keywords):
            return [self] * 2

        def __float__(self):
            os._exit(0)

        def __index__(self):
            return self.__float__()

    return [Trap()]
