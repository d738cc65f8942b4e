# loses: make_loader
# Returns a loader whose batches are computed for ever.
def make_loader(x, y, batch_size):
    def collate(rows):
        while True:
            pass

    return DataLoader(list(zip(x, y)), batch_size=batch_size, collate_fn=collate)
