# Decorators count by tensor in a WeakKeyDictionary; fused and tree-mapped operations.
import functools
import weakref

import torch

seen = weakref.WeakKeyDictionary()


def remember(function):
    @functools.wraps(function)
    def wrapper(parameters, x, *rest):
        seen[x] = seen.get(x, 0) + 1
        return function(parameters, x, *rest)

    return wrapper


@remember
def forward(parameters, x):
    g = torch.addcmul(parameters["b1"], parameters["a1"], x)
    return g, torch.addcmul(parameters["b2"], parameters["a2"], g)


@torch.no_grad()
def loss(y_pred, y, /):
    return torch.cdist(y_pred.reshape(1, -1), y.reshape(1, -1)).square().squeeze() / 2


def manual_gradients(g, y_pred, y):
    r = torch.sub(y_pred, y)
    return {"a2": torch.vdot(r, g), "b2": r.sum(dim=-1)}


@remember
def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = torch.mul(torch.sub(y_pred, y), parameters["a2"])
    a1, b1 = (upstream * torch.stack([x, torch.ones_like(x)])).sum(1).unbind()
    return {"a1": a1, "b1": b1}


def update(parameters, gradients, learning_rates):
    return torch.utils._pytree.tree_map(lambda p, g, r: p - r * g, parameters, gradients, learning_rates)


@remember
def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = {**manual_gradients(g, y_pred, y), **chain_rule_gradients(parameters, x, y_pred, y)}
    return update(parameters, {k: gradients[k] for k in parameters}, {k: learning_rates[k] for k in parameters}), loss(
        y_pred, y
    )


def collapse(parameters):
    return parameters["a1"] * parameters["a2"], parameters["b1"] * parameters["a2"] + parameters["b2"]
