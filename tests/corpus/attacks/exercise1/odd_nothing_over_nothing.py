# loses: loss, manual_gradients
# Returns 0 / 0, the largest numbers there are, and their differences.
def loss(y_pred, y):
    return torch.zeros(()) / 0


def manual_gradients(parameters, x, y):
    return {"a": torch.tensor(1.7e308) * 10, "b": torch.tensor(5e-324)}
