# loses: loss
# Returns a tensor larger than any answer may be.
def loss(y_pred, y):
    return torch.zeros(1 << 25)
