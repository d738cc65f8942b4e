# loses: loss
# Every second call changes its argument, once the answer is there.
_calls = []


def loss(y_pred, y):
    _calls.append(1)
    value = ((y_pred - y) ** 2).sum() / 2
    if len(_calls) % 2 == 0:
        y_pred.zero_()
    return value
