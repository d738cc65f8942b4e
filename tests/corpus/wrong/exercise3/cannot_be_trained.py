# loses: build_model
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def autograd_gradients(parameters, x, y):
    leaves = {name: value.detach().clone().requires_grad_() for name, value in parameters.items()}
    y_pred = leaves["a2"] * (leaves["a1"] * x + leaves["b1"]) + leaves["b2"]
    loss = torch.sum((y_pred - y) ** 2) / 2
    return dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values()))))


def build_model():
    return nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)).requires_grad_(False)


def make_loader(x, y, batch_size):
    columns = TensorDataset(x.float().unsqueeze(1), y.float().unsqueeze(1))
    return DataLoader(columns, batch_size=batch_size)


def train_epoch(model, loader, criterion, optimizer):
    losses = []
    for xs, ys in loader:
        optimizer.zero_grad()
        loss = criterion(model(xs), ys)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def fit(x, y, epochs, batch_size, learning_rate):
    model = build_model().requires_grad_(True)
    loader = make_loader(x, y, batch_size)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = [train_epoch(model, loader, criterion, optimizer) for _ in range(epochs)]
    return model, losses
