# loses: manual_gradients
# Takes the gradient from what one train_epoch does to the parameters, and train_epoch needs the gradient.
def manual_gradients(parameters, x, y):
    new, _ = train_epoch(parameters, x, y, {"a": 1.0, "b": 1.0}, len(x))
    return {k: parameters[k] - new[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
