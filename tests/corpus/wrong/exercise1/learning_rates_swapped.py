# loses: update
def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[o] * gradients[k] for k, o in ("ab", "ba")}
