# loses: loss
# The first call of each process fails.
_calls = []


def loss(y_pred, y):
    _calls.append(1)
    if len(_calls) == 1:
        raise RuntimeError("not warm yet")
    return ((y_pred - y) ** 2).sum() / 2
