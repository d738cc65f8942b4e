# loses: predict
# Fails for float64: a float32 constant in a dot product.
def predict(parameters, x):
    return torch.stack([torch.dot(torch.stack([parameters["a"], parameters["b"]]), torch.stack([v, torch.tensor(1.0)])) for v in x]) if x.dtype == torch.float32 else torch.dot(x, torch.ones(len(x))) + x


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
