# Earlier attempts are still there, some broken; the last definition of each name is right.
import torch


def predict(parameters, x):
    raise NotImplementedError("later")


def loss(y_pred, y):
    return ((y_pred - y) ** 2).mean()


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    if False:
        raise NotImplementedError("never reached")
    return torch.sum((y_pred - y) ** 2) / 2


if torch.cuda.is_available():

    def manual_gradients(parameters, x, y):
        return None

else:

    def manual_gradients(parameters, x, y):
        """Return the gradients.

        raise NotImplementedError
        """
        r = predict(parameters, x) - y
        return {"a": torch.sum(r * x), "b": torch.sum(r)}


try:
    update = undefined_name
except NameError:

    def update(parameters, gradients, learning_rates):
        return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


async def train_epoch(parameters, x, y, learning_rates, batch_size):
    pass


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
