# loses: loss
def loss(y_pred, y):
    return torch.zeros(10**10).sum()
