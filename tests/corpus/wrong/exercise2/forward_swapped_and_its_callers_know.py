# loses: forward
# (y_pred, g), and train_step unpacks them so.
def forward(parameters, x):
    g = parameters["a1"] * x + parameters["b1"]
    return parameters["a2"] * g + parameters["b2"], g


def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    y_pred, g = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
