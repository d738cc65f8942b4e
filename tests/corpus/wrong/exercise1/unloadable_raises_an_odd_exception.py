# loses: predict, loss, manual_gradients, update, train_epoch
# An exception class that cannot be shown.
def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total


class Odd(BaseException):
    def __str__(self):
        raise RuntimeError


raise Odd("x")
