# loses: build_model
def build_model():
    return nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)).requires_grad_(False)


def fit(x, y, epochs, batch_size, learning_rate):
    model = build_model().requires_grad_(True)
    loader = make_loader(x, y, batch_size)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = [train_epoch(model, loader, criterion, optimizer) for _ in range(epochs)]
    return model, losses
