# loses: loss
def loss(y_pred, y):
    return torch._refs.nn.functional.mse_loss(y_pred, y, reduction="sum") / 2
