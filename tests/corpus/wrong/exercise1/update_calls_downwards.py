# loses: update
# update asks train_epoch for the answer.
def update(parameters, gradients, learning_rates):
    new, _ = train_epoch(parameters, torch.ones(1), torch.zeros(1), learning_rates, 1)
    return new


def train_epoch(parameters, x, y, learning_rates, batch_size):
    a, b, total = parameters["a"], parameters["b"], 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        r = a * xs + b - ys
        total = total + (r * r).sum() / 2
        a, b = a - learning_rates["a"] * (r * xs).sum(), b - learning_rates["b"] * r.sum()
    return {"a": a, "b": b}, total
