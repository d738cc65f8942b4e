# loses: train_epoch
def train_epoch(weights, biases, X, Y, learning_rate, batch_size):
    total = 0
    for i in range(0, len(X) - batch_size + 1, batch_size):
        Xs, Ys = X[i : i + batch_size], Y[i : i + batch_size]
        activations = forward(weights, biases, Xs)
        total = total + loss(activations[-1], Ys)
        gradients = backward(weights, activations, Ys)
        weights, biases = update(weights, biases, *gradients, learning_rate)
    return weights, biases, total
