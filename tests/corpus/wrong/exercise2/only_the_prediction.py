# loses: forward
# g is not returned.
def forward(parameters, x):
    return parameters["a2"] * (parameters["a1"] * x + parameters["b1"]) + parameters["b2"]


def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g = parameters["a1"] * x + parameters["b1"]
    y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
