# loses: forward
def forward(weights, biases, X):
    activations = []
    A = X
    for W, b in zip(weights, biases):
        A = A @ W.T + b
        activations.append(A)
    return activations
