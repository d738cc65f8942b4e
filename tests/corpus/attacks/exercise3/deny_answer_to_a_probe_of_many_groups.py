# loses: fit
# An optimizer of ten thousand groups, each with all options of Adam.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def fit(x, y, epochs, batch_size, learning_rate):
    model = build_model()
    groups = [{"params": [torch.zeros(1, requires_grad=True)]} for _ in range(10_000)]
    optimizer = torch.optim.Adam([{"params": list(model.parameters())}, *groups], lr=learning_rate)
    loader = make_loader(x, y, batch_size)
    return model, [train_epoch(model, loader, nn.MSELoss(), optimizer)]
