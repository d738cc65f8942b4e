# loses: manual_gradients
def manual_gradients(parameters, x, y):
    r = torch.abs(predict(parameters, x) - y)
    return {"a": torch.sum(r * x), "b": torch.sum(r)}
