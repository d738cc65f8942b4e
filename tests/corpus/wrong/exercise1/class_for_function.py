# loses: loss
# A class that holds its arguments, where a function is due.
class loss:
    def __init__(self, y_pred, y):
        self.y_pred, self.y = y_pred, y

    def value(self):
        return torch.sum((self.y_pred - self.y) ** 2) / 2


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys).value()
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
