# loses: train_epoch
# Every k-th sample in a batch, not consecutive ones.
def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    count = -(-len(x) // batch_size)
    for i in range(count):
        xs, ys = x[i::count], y[i::count]
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
