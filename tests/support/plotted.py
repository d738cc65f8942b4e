"""Submissions of all four exercises for tests of pictures (right, not written, diverging), and what a figure shows."""

from pathlib import Path

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.exercise import Exercise
from autograder.host.fork_server import ForkServer
from autograder.model import Cell, Submission
from autograder.report.plots import picture

ONE = """
def predict(p, x): return p["a"] * x + p["b"]
def loss(y_pred, y): return ((y_pred - y) ** 2).sum() / 2
def manual_gradients(p, x, y):
    r = predict(p, x) - y
    return {"a": (r * x).sum(), "b": r.sum()}
def update(p, g, lr): return {k: p[k] - lr[k] * g[k] for k in p}
def train_epoch(p, x, y, lr, size):
    total = 0
    for i in range(0, len(x), size):
        xs, ys = x[i:i + size], y[i:i + size]
        total = total + loss(predict(p, xs), ys)
        p = update(p, manual_gradients(p, xs, ys), lr)
    return p, total
"""
TWO = """
def forward(p, x):
    g = p["a1"] * x + p["b1"]
    return g, p["a2"] * g + p["b2"]
def loss(y_pred, y): return ((y_pred - y) ** 2).sum() / 2
def manual_gradients(g, y_pred, y): return {"a2": ((y_pred - y) * g).sum(), "b2": (y_pred - y).sum()}
def chain_rule_gradients(p, x, y_pred, y):
    upstream = (y_pred - y) * p["a2"]
    return {"a1": (upstream * x).sum(), "b1": upstream.sum()}
def update(p, g, lr): return {k: p[k] - lr[k] * g[k] for k in p}
def train_step(p, x, y, lr):
    g, y_pred = forward(p, x)
    return update(p, manual_gradients(g, y_pred, y) | chain_rule_gradients(p, x, y_pred, y), lr), loss(y_pred, y)
"""
THREE = """
import torch
from torch import nn
def build_model(): return nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
def fit(x, y, epochs, batch_size, learning_rate, optimizer=torch.optim.Adam):
    model, losses = build_model(), []
    steps = optimizer(model.parameters(), lr=learning_rate)
    for _ in range(epochs):
        total = []
        for xs, ys in zip(x.float().split(batch_size), y.float().split(batch_size)):
            loss = nn.functional.mse_loss(model(xs.unsqueeze(1)), ys.unsqueeze(1))
            steps.zero_grad(); loss.backward(); steps.step()
            total.append(loss.item())
        losses.append(sum(total) / len(total))
    return model, losses
"""
FOUR = """
def forward(weights, biases, X):
    outputs = [X]
    for W, b in zip(weights, biases): outputs.append(outputs[-1] @ W.T + b)
    return outputs
def layer_gradients(delta, A_prev): return delta.T @ A_prev, delta.sum(0)
def backward(weights, activations, Y):
    delta, grads = activations[-1] - Y, []
    for W, A in zip(reversed(weights), reversed(activations[:-1])):
        grads.insert(0, layer_gradients(delta, A)); delta = delta @ W
    return [g for g, _ in grads], [g for _, g in grads]
def update(weights, biases, grad_weights, grad_biases, lr):
    return [w - lr * g for w, g in zip(weights, grad_weights)], [b - lr * g for b, g in zip(biases, grad_biases)]
def train_epoch(weights, biases, X, Y, lr, size):
    total = 0
    for i in range(0, len(X), size):
        A = forward(weights, biases, X[i:i + size])
        total = total + ((A[-1] - Y[i:i + size]) ** 2).sum() / 2
        weights, biases = update(weights, biases, *backward(weights, A, Y[i:i + size]), lr)
    return weights, biases, total
"""
FUNCTIONS = {
    "exercise1": ("predict", "loss", "manual_gradients", "update", "train_epoch"),
    "exercise2": ("forward", "manual_gradients", "chain_rule_gradients", "train_step"),
    "exercise3": ("build_model", "fit"),
    "exercise4": ("forward", "layer_gradients", "backward", "update", "train_epoch"),
}
# Without an optimizer: the first one of a process costs seconds of imports.
MOVED = "    model(x.float()[:, None])\n    for parameter in model.parameters(): parameter.data.add_(1)\n"
UNTRAINED = THREE.replace("    steps = optimizer(model.parameters(), lr=learning_rate)\n", MOVED).replace(
    "range(epochs)", "range(0)"
)
RIGHT = {"exercise1": ONE, "exercise2": TWO, "exercise3": THREE, "exercise4": FOUR}
STUB = {
    name: "".join(f"def {one}(*_):\n    raise NotImplementedError('{one} is not written yet')\n" for one in functions)
    for name, functions in FUNCTIONS.items()
}
DIVERGING = {
    "exercise1": ONE.replace("p[k] - lr[k]", "p[k] + lr[k]"),
    "exercise2": TWO.replace("p[k] - lr[k]", "p[k] + lr[k]"),
    "exercise3": THREE.replace("torch.optim.Adam", "torch.optim.SGD"),
    "exercise4": FOUR.replace("w - lr * g", "w + lr * g"),
}
# "" is for all exercises: every function answers it.
HOSTILE = {
    "": ["'text'", "[]", "object()", "float('nan')", "10**400", "1j", "torch.zeros(3, 2)", "[torch.zeros(2), 'x']"],
    "exercise1": [
        "torch.full((50,), 1e308, dtype=torch.float64)", "({'a': 1e308, 'b': -1e308}, 1e308)",
        "({'a': 1.0, 'b': True}, 0.0)", "({'a': 1.0, 'b': 2.0}, -3.0)", "{'a': 0.0, 'b': 1e308}",
    ],
    "exercise2": [
        "({'a1': 1e308, 'b1': 0, 'a2': -1e308, 'b2': 1e200}, 1e-320)", "{'a1': 1e308, 'b1': 0, 'a2': -1e308, 'b2': 0}",
        "(torch.zeros(50), torch.full((50,), -1e308, dtype=torch.float64))",
    ],
    "exercise3": [
        "(torch.nn.Linear(1, 1), [1.0, 'x'])", "(torch.nn.Linear(2, 1), torch.full((150,), 1e308))", "(1, 2)",
        "(torch.nn.Sequential(), [float('nan')] * 150)", "(torch.nn.Identity(), [1e-320] * 151)",
    ],
    "exercise4": [
        "([torch.zeros(6, 10)], [torch.zeros(6)], 1.0)", "[given[-1]] * 4",
        "([W * 1e308 for W in given[0]], [b * 0 for b in given[1]], 1e308)",
        "([W * 1e307 for W in given[0]], [torch.zeros(6), torch.zeros(3), torch.full((1,), -1e300)])",
    ],
}  # fmt: skip


def exercise(name: str) -> Exercise:
    if name not in FUNCTIONS:
        return find_exercise(KIT, name)
    functions = tuple((function, 1) for function in FUNCTIONS[name])
    where = (KIT, KIT / "exercises" / f"{name}.py", KIT / "autograder" / "checks" / f"{name}.py")
    return Exercise(name, "A title", functions, *where, None, by_hand=name != "exercise3")


def submission(code: str, path: str = "handed_in.py") -> Submission:
    return Submission("", Path(path), "", (Cell(path, code),))


def figure(fork_server: ForkServer, name: str, code: str, path: str = "handed_in.py") -> Figure:
    return picture.figure_of(exercise(name), submission(code, path), fork_server)


def words(drawn: Artist) -> str:
    """All that is written in a figure, or in a part of it."""
    return "\n".join(text.get_text() for text in drawn.findobj(Text))


def axes_of(drawn: Figure, title: str) -> Axes:
    return next(axes for axes in drawn.axes if axes.get_title(loc="left").startswith(title))


def panel(drawn: Figure, title: str) -> str:
    """The words of one panel, in one line."""
    return " ".join(words(axes_of(drawn, title)).split())


def lines(drawn: Figure, title: str) -> dict[str, Line2D]:
    return {line.get_label(): line for line in axes_of(drawn, title).get_lines()}
