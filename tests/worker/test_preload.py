"""What is done once for all workers: random numbers that start the same, and one thread."""

import random

import numpy as np
import torch
from workers import value

from autograder.worker.preload import seed


def test_numbers_drawn_before_do_not_show_in_those_after():
    drawn = []
    for number in (1, 5):
        np.random.rand(number)  # noqa: NPY002 - the generator that students use
        torch.rand(number)
        seed()
        drawn.append((np.random.rand(), float(torch.rand(()))))  # noqa: NPY002
    assert drawn[0] == drawn[1]


def test_random_numbers_start_the_same_in_every_worker(fork_server):
    code = "import random, torch, numpy\ndef f(): return random.random(), float(torch.rand(())), numpy.random.rand()"
    assert value(fork_server, code) == value(fork_server, code)
    assert value(fork_server, code)[0] == random.Random(0).random()


def test_a_worker_has_one_thread(fork_server):
    assert value(fork_server, "import torch\ndef f(): return torch.get_num_threads()") == 1
