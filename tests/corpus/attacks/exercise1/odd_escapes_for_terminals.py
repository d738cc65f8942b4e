# loses: loss
# Prints and raises what terminals obey: colours, titles, links, the clipboard, cursor moves, answers to be typed.
import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    text = "\x1b[2J\x1b[H\x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1b]52;c;cm0=\x07\x1b[6n\x1bc\x9b31m\r\b\x7f\x1bP$q\x1b\\"
    print(text, flush=True)
    raise type("E" + text, (Exception,), {})(text + "\n  loss  3 / 3")


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
