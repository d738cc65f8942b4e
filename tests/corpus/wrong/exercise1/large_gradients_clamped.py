# loses: update
def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k].clamp(-10, 10) for k in ("a", "b")}
