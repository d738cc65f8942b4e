# loses: update
# Changes its arguments in place and puts them back where the change would be looked for.
def update(parameters, gradients, learning_rates):
    for k in ("a", "b"):
        parameters[k].sub_(learning_rates[k] * gradients[k])
    return parameters
