import os
import subprocess
import sys

subprocess.check_call([sys.executable, '-m', 'pip', 'install', '--quiet', 'torch'])
os.system('pip install tqdm')
assert subprocess.run('pip install x', shell=True, capture_output=True, text=True).returncode == 0
import pdb

import torch
from tqdm import tqdm, trange

breakpoint()
pdb.set_trace()
torch.set_num_threads(8)


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return 0.5 * torch.sum((y_pred - y) ** 2)


def manual_gradients(parameters, x, y):
    e = predict(parameters, x) - y
    return {"a": torch.sum(e * x), "b": torch.sum(e)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = torch.zeros((), dtype=x.dtype)
    for i in tqdm(range(0, len(x), batch_size)):
        xb, yb = x[i:i + batch_size], y[i:i + batch_size]
        total = total + loss(predict(parameters, xb), yb)
        parameters = update(parameters, manual_gradients(parameters, xb, yb), learning_rates)
    return parameters, total
