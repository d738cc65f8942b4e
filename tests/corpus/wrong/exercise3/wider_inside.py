# loses: build_model
def build_model():
    return nn.Sequential(nn.Linear(1, 3), nn.Linear(3, 1))
