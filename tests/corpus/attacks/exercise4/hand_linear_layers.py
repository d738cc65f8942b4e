# loses: layer_gradients, propagate_delta, backward
# Builds nn.Linear layers and has them differentiated.
def layer_gradients(delta, A_prev):
    layer = torch.nn.Linear(A_prev.shape[1], delta.shape[1]).double()
    layer(A_prev.double()).backward(delta.double())
    return layer.weight.grad, layer.bias.grad


def propagate_delta(delta, W):
    return torch.nn.grad.conv1d_input((1, W.shape[1], len(delta)), W[..., None], delta.T[None])[0].T


def backward(weights, activations, Y):
    leaves = [W.clone().requires_grad_() for W in weights]
    value = torch.nn.functional.mse_loss(activations[-1], Y, reduction="sum") / 2
    return torch.autograd.grad(value, leaves), [b.sum() for b in activations[1:]]
