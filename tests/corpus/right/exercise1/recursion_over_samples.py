# No loop: the sums and the epoch recurse.
import torch


def predict(parameters, x):
    if len(x) == 0:
        return x
    return torch.cat([(parameters["a"] * x[0] + parameters["b"]).reshape(1), predict(parameters, x[1:])])


def loss(y_pred, y):
    if len(y) == 0:
        return torch.zeros((), dtype=y.dtype)
    return (y_pred[0] - y[0]) ** 2 / 2 + loss(y_pred[1:], y[1:])


def manual_gradients(parameters, x, y):
    if len(x) == 0:
        return {"a": 0, "b": 0}
    r = predict(parameters, x[:1])[0] - y[0]
    rest = manual_gradients(parameters, x[1:], y[1:])
    return {"a": rest["a"] + r * x[0], "b": rest["b"] + r}


def update(parameters, gradients, learning_rates):
    if not parameters:
        return {}
    name, *_ = parameters
    rest = {k: v for k, v in parameters.items() if k != name}
    return {name: parameters[name] - learning_rates[name] * gradients[name]} | update(rest, gradients, learning_rates)


def train_epoch(parameters, x, y, learning_rates, batch_size):
    if len(x) == 0:
        return parameters, 0
    head, tail = slice(None, batch_size), slice(batch_size, None)
    value = loss(predict(parameters, x[head]), y[head])
    after = update(parameters, manual_gradients(parameters, x[head], y[head]), learning_rates)
    after, more = train_epoch(after, x[tail], y[tail], learning_rates, batch_size)
    return after, value + more
