# loses: propagate_delta
def propagate_delta(delta, W):
    return delta.sum(dim=1, keepdim=True) * W.sum(dim=0)
