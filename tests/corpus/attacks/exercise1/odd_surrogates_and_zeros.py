# loses: loss, update, predict
# Returns, raises and prints half surrogate pairs, zero bytes and bytes that are no text.
def predict(parameters, x):
    print("\ud800\0\udfff")
    raise ValueError("\ud800\0\udfff\x1b")


def loss(y_pred, y):
    return "\ud800\0"


def update(parameters, gradients, learning_rates):
    return {"\ud800": 1, "a\0": 2, b"a": 3, "b": b"\xff"}
