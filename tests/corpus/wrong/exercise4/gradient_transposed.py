# loses: layer_gradients
def layer_gradients(delta, A_prev):
    return A_prev.T @ delta, delta.sum(dim=0)
