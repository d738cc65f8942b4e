# loses: make_loader
# Returns loaders of bare numbers, texts and nothing.
def make_loader(x, y, batch_size):
    return DataLoader([1, 2, 3], batch_size=None, collate_fn=lambda row: {1: 5, 2: None, 3: "x"}[row])
