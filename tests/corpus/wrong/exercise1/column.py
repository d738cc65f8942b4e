# loses: predict
def predict(parameters, x):
    return (parameters["a"] * x + parameters["b"]).reshape(-1, 1)
