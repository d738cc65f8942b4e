# loses: loss
def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2)
