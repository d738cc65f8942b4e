# loses: predict
def predict(parameters, x):
    return parameters["a"] * x
