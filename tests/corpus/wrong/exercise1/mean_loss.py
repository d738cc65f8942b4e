# loses: loss
def loss(y_pred, y):
    return torch.mean((y_pred - y) ** 2) / 2
