# loses: predict, loss
# Returns tensors without numbers: fake ones, functional ones, wrapped in a transformation, views of freed memory.
def predict(parameters, x):
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        return torch.zeros(len(x))


def loss(y_pred, y):
    kept = []
    torch.vmap(lambda v: kept.append(v) or v)(torch.zeros(2))
    return kept[0]
