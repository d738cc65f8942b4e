# loses: loss
# Returns generators that never end, mappings with endless keys and sequences that lie about their length.
def loss(y_pred, y):
    class Endless(dict):
        def __len__(self):
            return 3

        def keys(self):
            while True:
                yield object()

        __iter__ = keys

    def forever():
        while True:
            yield forever()

    return [forever(), Endless()]
