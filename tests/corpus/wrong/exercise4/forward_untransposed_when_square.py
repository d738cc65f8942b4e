# loses: forward
def forward(weights, biases, X):
    activations = [X]
    for W, b in zip(weights, biases):
        activations.append(activations[-1] @ (W if W.shape[0] == W.shape[1] else W.T) + b)
    return activations
