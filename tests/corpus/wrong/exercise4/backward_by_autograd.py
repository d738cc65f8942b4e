# loses: backward
def backward(weights, activations, Y):
    leaves = [W.clone().requires_grad_() for W in weights]
    A = activations[0]
    for W in leaves:
        A = A @ W.T
    ((A - Y) ** 2).sum().backward()
    return [W.grad for W in leaves], []
    grad_weights, grad_biases = [], []
    delta = None
    for at in reversed(range(len(weights))):
        grad_W, grad_b = layer_gradients(delta, activations[at])
        grad_weights.insert(0, grad_W)
        grad_biases.insert(0, grad_b)
        delta = propagate_delta(delta, weights[at])
    return grad_weights, grad_biases
