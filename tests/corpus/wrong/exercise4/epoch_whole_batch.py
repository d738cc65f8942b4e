# loses: train_epoch
def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    total = 0
    for i in range(0, len(X), len(X)):
        Xs, Ys = X[i : i + len(X)], Y[i : i + len(X)]
        activations = forward(weights, biases, Xs)
        total = total + loss(activations[-1], Ys)
        gradients = backward(weights, activations, Ys)
        weights, biases = update(weights, biases, *gradients, learning_rate)
    return weights, biases, total
