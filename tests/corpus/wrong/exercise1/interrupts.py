# loses: loss
def loss(y_pred, y):
    raise KeyboardInterrupt
