# loses: collapse
def collapse(parameters):
    return parameters["a2"] * parameters["b1"] + parameters["b2"], parameters["a1"] * parameters["a2"]
