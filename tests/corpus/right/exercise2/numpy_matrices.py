# 2×2 matrices of NumPy for the layers, arrays and NumPy scalars returned.
import numpy as np

KEYS = ("a1", "b1", "a2", "b2")


def layer(parameters, number):
    return np.array([[float(parameters[f"a{number}"]), float(parameters[f"b{number}"])], [0.0, 1.0]])


def forward(parameters, x):
    inputs = np.vstack([np.asarray(x), np.ones(len(x))])
    g = layer(parameters, 1) @ inputs
    return g[0], (layer(parameters, 2) @ g)[0]


def loss(y_pred, y):
    return np.linalg.norm(np.asarray(y_pred) - np.asarray(y)) ** 2 / 2


def manual_gradients(g, y_pred, y):
    r = np.asarray(y_pred) - np.asarray(y)
    return dict(zip(("a2", "b2"), np.vstack([np.asarray(g), np.ones_like(r)]) @ r))


def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = (np.asarray(y_pred) - np.asarray(y)) * layer(parameters, 2)[0, 0]
    return dict(zip(("a1", "b1"), np.vstack([np.asarray(x), np.ones_like(upstream)]) @ upstream))


def update(parameters, gradients, learning_rates):
    values = [np.array([float(source[k]) for k in KEYS]) for source in (parameters, learning_rates, gradients)]
    return dict(zip(KEYS, values[0] - values[1] * values[2]))


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = {**chain_rule_gradients(parameters, x, y_pred, y), **manual_gradients(g, y_pred, y)}
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def collapse(parameters):
    both = layer(parameters, 2) @ layer(parameters, 1)
    return both[0]
