# loses: layer_gradients
def layer_gradients(delta, A_prev):
    return delta.sum(dim=0), delta.T @ A_prev
