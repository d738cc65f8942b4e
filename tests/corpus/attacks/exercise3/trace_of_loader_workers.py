# loses: nothing
# Returns a loader with workers, which would be processes; it loads by itself.
def make_loader(x, y, batch_size):
    columns = TensorDataset(x.float().unsqueeze(1), y.float().unsqueeze(1))
    return DataLoader(columns, batch_size=batch_size, num_workers=2, persistent_workers=True)
