# loses: loss, update, predict
# Raises exceptions with endless, empty and misleading names and with notes, causes and groups.
def predict(parameters, x):
    raise type("", (Exception,), {})


def loss(y_pred, y):
    error = ExceptionGroup("x" * 10**6, [ValueError("y" * 10**6)] * 1000)
    error.add_note("z" * 10**6)
    raise error from KeyboardInterrupt("cause")


def update(parameters, gradients, learning_rates):
    raise type("AssertionError" * 10**5, (BaseException,), {"__module__": 5, "__qualname__": "passed"})
