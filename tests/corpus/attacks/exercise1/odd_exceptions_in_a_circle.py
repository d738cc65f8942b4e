# loses: loss
# Raises an exception that is its own cause, context, traceback's neighbour and argument.
def loss(y_pred, y):
    error = ValueError()
    error.args = (error,)
    error.__cause__ = error.__context__ = error
    raise error
