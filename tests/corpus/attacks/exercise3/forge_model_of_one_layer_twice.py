# loses: build_model
# Returns a Sequential that holds one and the same layer twice.
def build_model():
    layer = nn.Linear(1, 1)
    return nn.Sequential(layer, layer)
