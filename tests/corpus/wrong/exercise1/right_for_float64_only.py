# loses: manual_gradients
# Fails for float32: a float64 constant in a dot product.
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.dot(r, x), "b": torch.dot(r, torch.ones(len(x), dtype=torch.float64))}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
