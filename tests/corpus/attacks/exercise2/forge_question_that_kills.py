# loses: forward, train_step
# Asks helpers with arguments that should make the grader itself fail.
import math

import torch


def forward(parameters, x):
    raise ValueError("ask the reference")


def train_step(parameters, x, y, learning_rates):
    class Odd(dict):
        def keys(self):
            return ["a1", "b1", "a2", "b2"]

        def __getitem__(self, name):
            return torch.full((3, 0), math.nan, dtype=torch.complex128)

    for arguments in (
        (Odd(), x),
        ({}, x),
        (None, None),
        ([parameters], [x]),
        (parameters, torch.zeros(2**20)),
        (parameters, torch.zeros(0)),
        (parameters, "x" * 100000),
        (dict.fromkeys(parameters, 10**300), x),
        (dict.fromkeys(parameters, torch.tensor([True])), x),
    ):
        try:
            forward(*arguments)
        except Exception as error:
            print(type(error).__name__)
    raise RuntimeError("nothing came of it")
