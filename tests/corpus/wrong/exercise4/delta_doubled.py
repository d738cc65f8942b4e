# loses: output_delta
def output_delta(Y_pred, Y):
    return 2 * (Y_pred - Y)
