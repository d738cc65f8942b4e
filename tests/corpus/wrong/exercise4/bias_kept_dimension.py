# loses: layer_gradients
def layer_gradients(delta, A_prev):
    return delta.T @ A_prev, delta.sum(dim=0, keepdim=True)
