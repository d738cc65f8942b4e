# loses: fit
class MSELoss(nn.MSELoss):
    def forward(self, y_pred, y):
        return (y_pred - y).abs().mean()


def build_model():
    return nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))


def fit(x, y, epochs, batch_size, learning_rate):
    model = build_model()
    loader = make_loader(x, y, batch_size)
    criterion = MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = [train_epoch(model, loader, criterion, optimizer) for _ in range(epochs)]
    return model, losses
