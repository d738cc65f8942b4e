# loses: build_model
def build_model():
    return nn.ModuleList([nn.Linear(1, 1), nn.Linear(1, 1)])
