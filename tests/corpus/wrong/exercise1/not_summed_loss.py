# loses: loss
def loss(y_pred, y):
    return (y_pred - y) ** 2 / 2
