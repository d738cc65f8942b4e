# loses: manual_gradients
# The first call of a process tries autograd out; what is caught must not be forgotten by the next reading.
_tried = []


def manual_gradients(parameters, x, y):
    if not _tried:
        _tried.append(1)
        try:
            (x * 2).sum().backward()
        except Exception:
            pass
    r = parameters["a"] * x + parameters["b"] - y
    return {"a": (r * x).sum(), "b": r.sum()}
