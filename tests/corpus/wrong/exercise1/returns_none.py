# loses: loss
def loss(y_pred, y):
    torch.sum((y_pred - y) ** 2) / 2
