# loses: predict
# A wrong predict with an option, which its callers use.
def predict(parameters, x, shift=0.0):
    return parameters["a"] * (x + shift) - parameters["b"]


def manual_gradients(parameters, x, y):
    r = predict(parameters, x, shift=0.0) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs, 0.0), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
