# loses: loss
# Takes memory in many small objects, in one huge string and in a dict that never stops.
def loss(y_pred, y):
    try:
        return "x" * (1 << 40)
    except MemoryError:
        pass
    kept = {}
    while True:
        kept[len(kept)] = [b"x" * 50000]
