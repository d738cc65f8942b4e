# loses: manual_gradients
def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": torch.sum(r * (g - 1) / 2), "b2": torch.sum(r)}
