# loses: update, train_step
# Returns one and the same tensor for every parameter, which it changes while it is being read.
import torch


class Shifting(dict):
    """Each look at a value moves it."""

    def __getitem__(self, name):
        value = dict.__getitem__(self, name)
        return value.add_(1)


def update(parameters, gradients, learning_rates):
    return Shifting({k: torch.zeros(()) for k in ("a1", "b1", "a2", "b2")})


def train_step(parameters, x, y, learning_rates):
    one = torch.zeros(())
    return dict.fromkeys(("a1", "b1", "a2", "b2"), one), one
