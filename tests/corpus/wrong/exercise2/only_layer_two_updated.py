# loses: update
def update(parameters, gradients, learning_rates):
    return parameters | {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a2", "b2")}
