# loses: build_model
# Returns a model whose hooks change what it computes and what it tells.
def build_model():
    model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    model.register_forward_hook(lambda module, given, out: out * 0)
    return model
