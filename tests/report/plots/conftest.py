"""The figures that several tests look at, drawn once."""

from collections.abc import Callable
from functools import cache

import pytest
from matplotlib.figure import Figure
from plotted import DIVERGING, RIGHT, STUB, figure

from autograder.host.fork_server import ForkServer


@pytest.fixture(scope="module")
def usual(fork_server: ForkServer) -> Callable[[str, str], Figure]:
    """Return the figure of a right, unwritten or diverging submission."""
    codes = {"right": RIGHT, "stub": STUB, "diverging": DIVERGING}
    return cache(lambda name, kind: figure(fork_server, name, codes[kind][name]))
