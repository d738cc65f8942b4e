# loses: loss
def loss(y_pred, y):
    return torch.sum(torch.abs(y_pred - y)) / 2
