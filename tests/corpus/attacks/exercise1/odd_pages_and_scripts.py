# loses: loss, update
# Prints, raises and names keys in HTML, so that a page would run it.
import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    print("</pre><script>alert(1)</script><img src=x onerror=alert(1)>", flush=True)
    raise type("</td><script>alert(2)</script>", (Exception,), {})("<svg onload=alert(3)>&lt;script&gt;{{7*7}}{% raw %}")


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {"<script>alert(4)</script>": 1, "a\" onmouseover=\"alert(5)": 2}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
