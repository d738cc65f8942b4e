# loses: manual_gradients
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.mean(r * x), "b": torch.mean(r)}
