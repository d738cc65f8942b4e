# loses: loss
# Returns tensors with sixteen dimensions, and empty ones with huge ones.
def loss(y_pred, y):
    return [torch.zeros([1] * 16), torch.zeros(0, 1 << 40), torch.zeros([1] * 20)]
