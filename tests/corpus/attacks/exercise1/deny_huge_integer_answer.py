# loses: loss
# Returns an integer of a million digits and a dict keyed by such.
def loss(y_pred, y):
    return {10**4000: 1 << 10**6, -(10**3000): 10**1000}
