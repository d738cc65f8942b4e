# Adam's steps are written by hand: where the training started is what the model was when it was first used.
import torch
import numpy as np
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def autograd_gradients(parameters, x, y):
    p = {}
    for k in parameters:
        p[k] = torch.tensor(float(parameters[k]), dtype=x.dtype, requires_grad=True)
    loss = 0
    for i in range(len(x)):
        pred = p["a2"] * (p["a1"] * x[i] + p["b1"]) + p["b2"]
        loss = loss + (pred - y[i]) ** 2 / 2
    loss.backward()
    return {k: p[k].grad for k in p}


def build_model():
    layers = [nn.Linear(in_features=1, out_features=1) for _ in range(2)]
    return nn.Sequential(*layers)


class Pairs(torch.utils.data.Dataset):
    def __init__(self, x, y):
        self.x = x.float()
        self.y = y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i].view(1), self.y[i].view(1)


def make_loader(x, y, batch_size):
    return DataLoader(Pairs(x, y), batch_size)


def train_epoch(model, loader, criterion, optimizer):
    model.train()
    losses = []
    for batch in loader:
        inputs, targets = batch
        for p in model.parameters():
            p.grad = None
        error = criterion(model(inputs), targets)
        error.backward()
        optimizer.step()
        losses.append(error.detach())
    return float(torch.stack(losses).mean())


def fit(x, y, epochs, batch_size, learning_rate):
    net = build_model()
    ps = list(net.parameters())
    m = [torch.zeros_like(p) for p in ps]
    v = [torch.zeros_like(p) for p in ps]
    t, out, lr = 0, [], float(learning_rate)
    for _ in range(epochs):
        ls = []
        for xb, yb in make_loader(x, y, batch_size):
            loss = ((net(xb) - yb) ** 2).mean()
            gs = torch.autograd.grad(loss, ps)
            t += 1
            with torch.no_grad():
                for i, (p, g) in enumerate(zip(ps, gs)):
                    m[i] = 0.9 * m[i] + 0.1 * g
                    v[i] = 0.999 * v[i] + 0.001 * g * g
                    p -= lr * (m[i] / (1 - 0.9 ** t)) / ((v[i] / (1 - 0.999 ** t)).sqrt() + 1e-8)
            ls.append(loss.item())
        out.append(sum(ls) / len(ls))
    return net, tuple(out)
