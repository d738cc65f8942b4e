# loses: update
def update(parameters, gradients, learning_rates):
    return dict(parameters)
