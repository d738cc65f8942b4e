# loses: update, manual_gradients
# Returns dicts with keys that cannot be compared, printed or hashed twice alike.
import torch


class Key:
    count = 0

    def __hash__(self):
        Key.count += 1
        return Key.count

    def __eq__(self, other):
        raise RuntimeError("nobody compares me")

    def __repr__(self):
        raise RuntimeError("nobody prints me")

    __str__ = __repr__


def manual_gradients(parameters, x, y):
    return dict.fromkeys(range(9000), 1.0)


def update(parameters, gradients, learning_rates):
    return {Key(): 1, (1, 2): 2, float("nan"): 3, None: 4, True: 5, "a" * 10**6: 6}
