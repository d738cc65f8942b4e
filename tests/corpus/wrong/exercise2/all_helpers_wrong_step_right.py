# loses: forward, loss, manual_gradients, chain_rule_gradients, update
def forward(parameters, x):
    g = parameters["a1"] * x + parameters["b1"]
    return g, g


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2)


def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": torch.sum(r), "b2": torch.sum(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = y_pred - y
    return {"a1": torch.sum(upstream * x), "b1": torch.sum(upstream)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] + learning_rates[k] * gradients[k] for k in ("a1", "b1", "a2", "b2")}
