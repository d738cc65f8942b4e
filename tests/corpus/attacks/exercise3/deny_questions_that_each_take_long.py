# loses: fit
# Asks for thousands of epochs, each of as many batches of one sample as are read.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def fit(x, y, epochs, batch_size, learning_rate):
    model = build_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    loader = DataLoader([(torch.ones(1, 1), torch.ones(1, 1))] * 1000, batch_size=None)
    return model, [train_epoch(model, loader, nn.MSELoss(), optimizer) for _ in range(10**6)]
