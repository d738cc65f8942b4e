# loses: train_epoch
# Asks for the predictions of 190,000 nested lists, again and again.
def train_epoch(parameters, x, y, learning_rates, batch_size):
    deep = []
    for _ in range(18):
        deep = [deep, [[]] * 9000]
    for number in range(10**6):
        try:
            predict({"a": number, "b": deep}, deep)
        except ValueError:
            pass
