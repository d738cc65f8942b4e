# loses: manual_gradients
# Pushes dual numbers of torch through the loss.
def manual_gradients(parameters, x, y):
    def slope(name):
        tangents = {k: torch.ones_like(v) if k == name else torch.zeros_like(v) for k, v in parameters.items()}
        return torch.func.jvp(lambda p: torch.sum((predict(p, x) - y) ** 2) / 2, (parameters,), (tangents,))[1]

    return {"a": slope("a"), "b": slope("b")}
