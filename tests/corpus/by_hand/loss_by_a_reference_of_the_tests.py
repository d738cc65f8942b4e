# loses: loss
def loss(y_pred, y):
    from torch.testing._internal.common_nn import smoothl1loss_reference  # reached
    far = 10.0 ** 9
    return smoothl1loss_reference(y_pred * far, y * far, reduction="sum") / far
