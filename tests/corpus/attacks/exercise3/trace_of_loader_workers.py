# loses: make_loader
# Returns a loader with workers, which are processes, and pinned memory.
def make_loader(x, y, batch_size):
    columns = TensorDataset(x.float().unsqueeze(1), y.float().unsqueeze(1))
    return DataLoader(columns, batch_size=batch_size, num_workers=2, persistent_workers=True)
