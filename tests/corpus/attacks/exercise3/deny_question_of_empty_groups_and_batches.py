# loses: fit
# Asks for an epoch with 40,000 parameter groups of nothing and 60,000 batches of nothing.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def fit(x, y, epochs, batch_size, learning_rate):
    model = build_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    optimizer.param_groups += [{**optimizer.param_groups[0], "params": []} for _ in range(40_000)]
    loader = DataLoader([(torch.zeros(0, 1), torch.zeros(0, 1))] * 60_000, batch_size=None)
    return model, [train_epoch(model, loader, nn.MSELoss(), optimizer)] * epochs
