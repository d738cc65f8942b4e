# loses: loss
def loss(y_pred, y):
    for p, t in zip(y_pred, y):
        total = (p - t) ** 2 / 2
    return total
