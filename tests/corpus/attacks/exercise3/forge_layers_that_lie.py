# loses: build_model
# Returns a Sequential of things that claim to be linear layers of one input and one output.
def build_model():
    class Claims(nn.Module):
        in_features = out_features = 1
        bias = True
        __class__ = property(lambda self: nn.Linear)

        def forward(self, x):
            return x

    return nn.Sequential(Claims(), Claims())
