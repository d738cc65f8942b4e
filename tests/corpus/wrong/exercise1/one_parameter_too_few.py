# loses: loss
def loss(r):
    return torch.sum(r**2) / 2
