# loses: loss
def loss(Y_pred, Y):
    return torch.mean((Y_pred - Y) ** 2) / 2
