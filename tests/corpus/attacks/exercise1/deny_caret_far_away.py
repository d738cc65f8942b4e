# loses: loss
# Raises a syntax error in its own file at column ten thousand million, which somebody may pad with blanks.
def loss(y_pred, y):
    raise SyntaxError("far", (__file__, 10**12, 10**10, "x" * 100))
