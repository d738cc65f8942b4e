# loses: manual_gradients
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": r[-1] * x[-1], "b": r[-1]}
