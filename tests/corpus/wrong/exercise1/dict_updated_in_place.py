# loses: update
def update(parameters, gradients, learning_rates):
    for k in parameters:
        parameters[k] = parameters[k] - learning_rates[k] * gradients[k]
    return parameters
