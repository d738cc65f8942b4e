# loses: update
def update(weights, biases, grad_weights, grad_biases, learning_rate):
    for at, g in enumerate(grad_weights):
        weights[at] = weights[at] - learning_rate * g
    new_weights = weights
    new_biases = [b - learning_rate * g for b, g in zip(biases, grad_biases)]
    return new_weights, new_biases
