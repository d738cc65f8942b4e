# loses: backward
def backward(weights, activations, Y):
    delta = output_delta(activations[-1], Y)
    grad_weights, grad_biases = [], []
    for at in reversed(range(len(weights))):
        grad_W, grad_b = layer_gradients(delta, activations[at])
        grad_weights.insert(0, grad_W)
        grad_biases.insert(0, grad_b)
        delta = propagate_delta(delta, grad_W)
    return grad_weights, grad_biases
