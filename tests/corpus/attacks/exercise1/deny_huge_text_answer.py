# loses: loss
# Returns and raises texts of a hundred megabytes.
def loss(y_pred, y):
    raise ValueError("x" * 100_000_000)
