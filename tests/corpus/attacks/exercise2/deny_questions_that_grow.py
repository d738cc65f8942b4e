# loses: forward, loss, train_step
# Asks helpers with arguments that grow when they are broadcast, multiplied or copied.
def forward(parameters, x):
    raise ValueError


def loss(y_pred, y):
    raise ValueError


def train_step(parameters, x, y, learning_rates):
    one = torch.ones(())
    for rows in (450, 2000, 60000):
        wide = {"a1": torch.ones(rows, 1, 1), "b1": torch.ones(1, rows, 1), "a2": one, "b2": one}
        for call in (lambda: forward(wide, torch.ones(rows)), lambda: loss(torch.ones(rows, 1), torch.ones(rows))):
            try:
                call()
            except ValueError:
                pass
    raise RuntimeError("nothing came of it")
