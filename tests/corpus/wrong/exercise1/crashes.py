# loses: loss
def loss(y_pred, y):
    import ctypes

    ctypes.string_at(0)
