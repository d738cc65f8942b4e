# loses: forward
def forward(parameters, x):
    g = parameters["a1"] * x + parameters["b1"]
    return parameters["a2"] * g + parameters["b2"], g
