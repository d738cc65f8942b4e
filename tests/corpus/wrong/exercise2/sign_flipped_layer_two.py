# loses: manual_gradients
def manual_gradients(g, y_pred, y):
    r = y - y_pred
    return {"a2": torch.sum(r * g), "b2": torch.sum(r)}
