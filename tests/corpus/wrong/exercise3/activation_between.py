# loses: build_model
def build_model():
    return nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.Linear(1, 1))
