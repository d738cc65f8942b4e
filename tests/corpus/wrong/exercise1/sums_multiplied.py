# loses: manual_gradients
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r) * torch.sum(x), "b": torch.sum(r)}
