# loses: manual_gradients
# Calls the backward kernel of a ready-made loss.
def manual_gradients(parameters, x, y):
    r = torch.ops.aten.mse_loss_backward(torch.ones(()), predict(parameters, x), y, 2) / 2
    return {"a": torch.sum(r * x), "b": torch.sum(r)}
