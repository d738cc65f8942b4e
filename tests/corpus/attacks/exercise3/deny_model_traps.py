# loses: build_model
# Returns a model whose every attribute loops or exits.
import os

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def build_model():
    class Trap(nn.Sequential):
        def __getattribute__(self, name):
            if name.startswith("__"):
                return object.__getattribute__(self, name)
            os._exit(0)

    return Trap.__new__(Trap)
