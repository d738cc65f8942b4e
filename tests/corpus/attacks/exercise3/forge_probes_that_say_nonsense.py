# loses: build_model, make_loader, fit
# Lets the probes answer with what nobody expects: numbers for lists, lists of lists, nothing.
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def up(name):
    """Walk up the frames to a namespace that holds something of the grader's."""
    frame = sys._getframe(1)
    while name not in frame.f_globals:
        frame = frame.f_back
    return frame.f_globals


def build_model():
    up("Loaded")["Loaded"].probe = lambda self, name, arguments: {"returned": 5}
    return nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))


def make_loader(x, y, batch_size):
    up("Loaded")["Loaded"].probe = lambda self, name, arguments: {"returned": [None, 3, [1.5, {"a": []}]]}
    return DataLoader([0])


def fit(x, y, epochs, batch_size, learning_rate):
    up("Loaded")["Loaded"].probe = lambda self, name, arguments: {
        "returned": [("Linear", 1, 1, True)] * 2 if name == "layers" else "text"
    }
    return nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)), [1.0] * epochs
