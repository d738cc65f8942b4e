# loses: manual_gradients
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"b": torch.sum(r * x), "a": torch.sum(r)}
