# loses: make_loader
# Returns a loader that never ends, over a data set that claims a length.
def make_loader(x, y, batch_size):
    class Endless(torch.utils.data.IterableDataset):
        def __len__(self):
            return len(x)

        def __iter__(self):
            while True:
                yield x[:1].float().unsqueeze(1), y[:1].float().unsqueeze(1)

    return DataLoader(Endless(), batch_size=None)
