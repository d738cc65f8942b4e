# loses: layer_gradients
def layer_gradients(delta, A_prev):
    G = delta.T @ A_prev
    return (G.T if G.shape[0] == G.shape[1] else G), delta.sum(dim=0)
