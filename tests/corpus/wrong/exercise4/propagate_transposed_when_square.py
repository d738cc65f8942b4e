# loses: propagate_delta
def propagate_delta(delta, W):
    return delta @ (W.T if W.shape[0] == W.shape[1] else W)
