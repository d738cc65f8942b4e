# Every call between the functions goes through a table; callers come first in the file.
import torch


def train_step(parameters, x, y, learning_rates):
    g, y_pred = FUNCTIONS["forward"](parameters, x)
    gradients = {}
    for name, arguments in (("manual_gradients", (g, y_pred, y)), ("chain_rule_gradients", (parameters, x, y_pred, y))):
        gradients.update(FUNCTIONS[name](*arguments))
    return FUNCTIONS["update"](parameters, gradients, learning_rates), FUNCTIONS["loss"](y_pred=y_pred, y=y)


def collapse(parameters):
    _, intercept = FUNCTIONS["forward"](parameters, torch.zeros(1, dtype=parameters["a1"].dtype))
    _, at_one = FUNCTIONS["forward"](parameters, torch.ones(1, dtype=parameters["a1"].dtype))
    return at_one[0] - intercept[0], intercept[0]


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in parameters}


def chain_rule_gradients(parameters, x, y_pred, y):
    # layer one's gradients are layer two's, with another input and another residual
    scaled = FUNCTIONS["manual_gradients"](x, parameters["a2"] * y_pred, parameters["a2"] * y)
    return {"a1": scaled["a2"], "b1": scaled["b2"]}


def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": (r * g).sum(), "b2": r.sum()}


def loss(y_pred, y):
    return (y_pred - y).pow(2).sum() / 2


def forward(parameters, x):
    g = parameters["a1"] * x + parameters["b1"]
    return g, parameters["a2"] * g + parameters["b2"]


FUNCTIONS = {function.__name__: function for function in (forward, loss, manual_gradients, chain_rule_gradients, update)}
