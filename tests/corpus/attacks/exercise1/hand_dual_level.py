# loses: manual_gradients
# Makes dual numbers with torch's lowest functions.
def manual_gradients(parameters, x, y):
    with torch.autograd.forward_ad.dual_level():
        a = torch._make_dual(parameters["a"], torch.ones_like(parameters["a"]), level=0)
        value = torch.sum((a * x + parameters["b"] - y) ** 2) / 2
        tangent = torch._unpack_dual(value, level=0)[1]
    return {"a": tangent, "b": tangent}
