# loses: loss
# Raises exceptions whose texts, names and attributes loop for ever when somebody looks.
def loss(y_pred, y):
    class Trap(Exception):
        def __str__(self):
            while True:
                pass

        __repr__ = __str__
        __traceback__ = property(__str__)

    raise Trap
