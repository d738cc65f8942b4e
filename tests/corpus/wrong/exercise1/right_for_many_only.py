# loses: loss
def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2 if len(y) > 1 else torch.tensor(0.0)
