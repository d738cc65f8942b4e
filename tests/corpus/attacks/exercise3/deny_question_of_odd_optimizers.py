# loses: train_epoch, fit
# Has the reference step with options that should break it.
def train_epoch(model, loader, criterion, optimizer):
    raise ValueError("ask the reference")


def fit(x, y, epochs, batch_size, learning_rate):
    model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    loader = make_loader(x, y, batch_size)
    for options in ({"lr": float("nan")}, {"betas": (2.0, -1.0)}, {"fused": True}, {"capturable": True}, {"params": 5}, {"lr": "x" * 1000}, {"foreach": [[]]}):
        steps = torch.optim.Adam(model.parameters(), lr=learning_rate)
        steps.param_groups[0].update(options)
        try:
            train_epoch(model, loader, nn.MSELoss(), steps)
        except Exception:
            pass
    return model, [0.0] * epochs
