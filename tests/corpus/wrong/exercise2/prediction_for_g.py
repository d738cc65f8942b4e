# loses: manual_gradients
def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": torch.sum(r * y_pred), "b2": torch.sum(r)}
