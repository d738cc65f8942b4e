# loses: predict
def predict(parameters, x):
    raise NotImplementedError("predict is not written yet")
