# loses: make_loader
def make_loader(x, y, batch_size):
    columns = TensorDataset(x.unsqueeze(1), y.unsqueeze(1))
    return DataLoader(columns, batch_size=batch_size)
