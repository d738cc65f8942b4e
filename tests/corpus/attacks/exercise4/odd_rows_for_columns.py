# loses: propagate_delta, output_delta
# Returns transposed and conjugated views, with negative bits, of wrong values.
def output_delta(Y_pred, Y):
    return torch.complex(Y, Y_pred).conj().imag


def propagate_delta(delta, W):
    return (delta @ W).T.conj()
