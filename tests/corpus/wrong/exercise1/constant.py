# loses: predict
def predict(parameters, x):
    return torch.ones_like(x)
