# loses: layer_gradients
def layer_gradients(delta, A_prev):
    return delta.T @ A_prev / len(delta), delta.sum(dim=0)
