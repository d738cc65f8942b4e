# loses: update
def update(parameters, gradients, learning_rates):
    other = {"a1": "a2", "a2": "a1", "b1": "b2", "b2": "b1"}
    return {k: parameters[k] - learning_rates[other[k]] * gradients[k] for k in other}
