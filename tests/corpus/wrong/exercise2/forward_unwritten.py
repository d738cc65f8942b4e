# loses: forward
def forward(parameters, x):
    g = parameters["a1"] * x + parameters["b1"]
    raise NotImplementedError
