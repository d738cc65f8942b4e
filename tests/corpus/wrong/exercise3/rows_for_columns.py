# loses: make_loader
def make_loader(x, y, batch_size):
    columns = TensorDataset(x.float(), y.float())
    return DataLoader(columns, batch_size=batch_size)
