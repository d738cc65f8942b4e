# loses: loss
def loss(y_pred, y):
    return loss(y_pred, y)
