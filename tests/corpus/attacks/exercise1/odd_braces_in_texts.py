# loses: loss, update
# Raises and returns texts with braces and per cent signs, which a careless template would fill in.
def loss(y_pred, y):
    raise ValueError("{0.__class__.__mro__} {text} {error} %s %(x)s {" * 3)


def update(parameters, gradients, learning_rates):
    return {"{0}": 1, "{key}{where}": 2, "%d": 3}
