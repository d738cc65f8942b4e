# loses: update
def update(weights, biases, grad_weights, grad_biases, learning_rate):
    for W, g in zip(weights, grad_weights):
        W -= learning_rate * g
    new_weights = weights
    new_biases = [b - learning_rate * g for b, g in zip(biases, grad_biases)]
    return new_weights, new_biases
