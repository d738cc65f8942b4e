# loses: forward, train_step
# Has an unwritten helper and asks for it a million times.
def forward(parameters, x):
    raise ValueError


def train_step(parameters, x, y, learning_rates):
    while True:
        forward(parameters, x)
