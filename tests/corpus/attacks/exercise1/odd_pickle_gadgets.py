# loses: loss, update
# Returns objects that run a command in whoever unpickles them.
import os

import torch


class Gadget:
    def __reduce__(self):
        return os.system, ("touch /tmp/left-behind",)

    __reduce_ex__ = lambda self, protocol: self.__reduce__()
    __getstate__ = __deepcopy__ = __copy__ = lambda self, *_: Gadget()


def loss(y_pred, y):
    return Gadget()


def update(parameters, gradients, learning_rates):
    return {"a": Gadget(), "b": [Gadget()], Gadget(): 1}
