# loses: forward
# Returns a list of a thousand layers where three are due, each larger than the last.
def forward(weights, biases, X):
    return [torch.zeros(n, n) for n in range(150)]
