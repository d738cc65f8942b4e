# loses: loss
def loss(Y_pred, Y):
    return torch.sum((Y_pred - Y) ** 2, dim=0) / 2
