# loses: loss
# Returns two hundred thousand numbers one by one where one number is due.
def loss(y_pred, y):
    return [[float(i) for i in range(9000)] for _ in range(20)]
