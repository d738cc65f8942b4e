# loses: everything
# Can be loaded once, and ends the process when it is loaded again.
import os
import time

import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


time.sleep(0.01)
os._exit(0)
