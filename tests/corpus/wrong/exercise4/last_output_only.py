# loses: forward
def forward(weights, biases, X):
    activations = [X]
    for W, b in zip(weights, biases):
        activations.append(activations[-1] @ W.T + b)
    return activations[-1]
