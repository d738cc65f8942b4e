# loses: make_loader
# Returns a loader whose batches are a gigabyte each.
def make_loader(x, y, batch_size):
    return DataLoader([torch.zeros(1)] * 50, batch_size=None, collate_fn=lambda row: torch.zeros(1 << 24))
