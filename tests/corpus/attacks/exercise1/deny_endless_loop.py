# loses: loss
# Loops for ever.
def loss(y_pred, y):
    while True:
        pass
