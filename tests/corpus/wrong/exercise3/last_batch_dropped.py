# loses: make_loader
def make_loader(x, y, batch_size):
    columns = TensorDataset(x.float().unsqueeze(1), y.float().unsqueeze(1))
    return DataLoader(columns, batch_size=batch_size, drop_last=True)
