# loses: build_model
# Returns a Sequential that contains itself.
def build_model():
    model = nn.Sequential(nn.Linear(1, 1))
    model.add_module("again", model)
    return model
