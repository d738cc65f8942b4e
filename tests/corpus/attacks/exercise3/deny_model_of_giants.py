# loses: build_model
# Returns a model with endless parameters on no device.
def build_model():
    return nn.Sequential(nn.Linear(1 << 20, 1 << 20, device="meta"), nn.Linear(1, 1))
