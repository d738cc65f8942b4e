# loses: manual_gradients
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": 2 * torch.sum(r * x), "b": 2 * torch.sum(r)}
