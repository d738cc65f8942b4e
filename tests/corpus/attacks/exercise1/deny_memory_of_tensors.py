# loses: loss
# Takes memory in tensors until there is none.
def loss(y_pred, y):
    kept = []
    while True:
        kept.append(torch.ones(1 << 24))
