# loses: fit
def fit(x, y, epochs, batch_size, learning_rate):
    model = build_model()
    loader = make_loader(x, y, batch_size)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = [train_epoch(model, loader, criterion, optimizer) for _ in range(epochs)]
    return build_model(), losses
