# loses: manual_gradients
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    parameters["r"] = r
    return {"a": torch.sum(r * x), "b": torch.sum(r)}
