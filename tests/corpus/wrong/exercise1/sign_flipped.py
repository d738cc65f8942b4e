# loses: manual_gradients
def manual_gradients(parameters, x, y):
    r = y - predict(parameters, x)
    return {"a": torch.sum(r * x), "b": torch.sum(r)}
