# loses: manual_gradients
# A mutable default argument keeps the sums.
def manual_gradients(parameters, x, y, sums={"a": 0, "b": 0}):
    r = predict(parameters, x) - y
    sums["a"] = sums["a"] + torch.sum(r * x)
    sums["b"] = sums["b"] + torch.sum(r)
    return dict(sums)


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        r = predict(parameters, xs) - ys
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, {"a": r @ xs, "b": r.sum()}, learning_rates)
    return parameters, total
