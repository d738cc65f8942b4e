"""What a process does once, before it becomes a worker or forks some."""

import importlib
import json

import numpy as np
import torch

from autograder.worker import by_hand, neutral


def warm_up(flavour: str) -> None:
    """Do once what every worker would pay for, without starting a thread: forked children inherit no thread pool.

    `flavour` is what is switched off besides autograd, as a JSON list; or null, where autograd is not either.
    """
    about = json.loads(flavour)
    torch.set_num_threads(1)
    torch.zeros(2, 2, dtype=torch.float64) @ torch.ones(2, 2, dtype=torch.float64)
    neutral.install()
    if about is not None:
        by_hand.switch_off(tuple(about))
    else:
        importlib.import_module("torch._dynamo")  # which the first optimizer imports, in 0.7 s
    seed()


def seed() -> None:
    """Give all workers the same random numbers, whatever was drawn here; numpy's generator takes 8 ms to import."""
    np.random.seed(0)  # noqa: NPY002 - the student's code may use the legacy generator
    torch.manual_seed(0)
