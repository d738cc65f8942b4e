# loses: make_loader
def make_loader(x, y, batch_size):
    columns = TensorDataset(y.float().unsqueeze(1), x.float().unsqueeze(1))
    return DataLoader(columns, batch_size=batch_size)
