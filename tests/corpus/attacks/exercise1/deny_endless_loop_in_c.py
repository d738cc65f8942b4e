# loses: loss
# Backtracks for ever inside the regular expression engine, with every signal ignored.
import re
import signal

import torch


def loss(y_pred, y):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    re.match("(a+)+$", "a" * 60 + "b")
