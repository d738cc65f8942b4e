# loses: loss
def loss(y_pred, y):
    for _ in range(1000):
        print("x" * 100_000)
    return torch.sum((y_pred - y) ** 2)
