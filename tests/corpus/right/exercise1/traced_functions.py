# torch.jit.trace at import.
import torch


def _line(a, b, x):
    return a * x + b


line = torch.jit.trace(_line, (torch.tensor(1.0), torch.tensor(2.0), torch.arange(3.0)), check_trace=False)


def predict(parameters, x):
    return line(parameters["a"], parameters["b"], x)


loss = torch.jit.trace(lambda y_pred, y: ((y_pred - y) ** 2).sum() / 2, (torch.ones(2), torch.zeros(2)), check_trace=False)


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
