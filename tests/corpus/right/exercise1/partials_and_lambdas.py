# No def: lambdas, partials, operators.
import functools
import operator
from itertools import accumulate, chain

import torch

power = functools.partial(torch.pow, exponent=2)
halve = functools.partial(operator.mul, 0.5)

predict = lambda parameters, x: parameters["a"] * x + parameters["b"]
loss = lambda y_pred, y: halve(torch.sum(power(y_pred - y)))


def _gradients(keys, parameters, x, y):
    r = predict(parameters, x) - y
    return dict(zip(keys, ((r * x).sum(), r.sum())))


manual_gradients = functools.partial(_gradients, ("a", "b"))
update = functools.partial(
    lambda keys, parameters, gradients, learning_rates: {
        key: operator.sub(parameters[key], operator.mul(learning_rates[key], gradients[key])) for key in keys
    },
    "ab",
)


def _after(learning_rates, state, batch):
    return update(state[0], manual_gradients(state[0], *batch), learning_rates), state[1] + loss(
        predict(state[0], batch[0]), batch[1]
    )


train_epoch = lambda parameters, x, y, learning_rates, batch_size: functools.reduce(
    functools.partial(_after, learning_rates), zip(x.split(batch_size), y.split(batch_size)), (parameters, 0)
)
