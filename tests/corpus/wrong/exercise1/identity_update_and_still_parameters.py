# loses: update, train_epoch
# update returns its parameters; train_epoch never calls anything and does so too.
def update(parameters, gradients, learning_rates):
    return dict(parameters)


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
    return dict(parameters), total
