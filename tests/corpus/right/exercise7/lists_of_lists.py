from math import exp, log


def shifted(row):
    top = max(row)
    return [z - top for z in row]


def softmax(Z):
    weights = [[exp(z) for z in shifted(row)] for row in Z.tolist()]
    return [[w / sum(row) for w in row] for row in weights]


def log_softmax(Z):
    rows = []
    for row in map(shifted, Z.tolist()):
        total = log(sum(map(exp, row)))
        rows.append(tuple(z - total for z in row))
    return rows


def cross_entropy(Z, targets):
    losses = [-row[t] for row, t in zip(log_softmax(Z), targets.tolist())]
    return sum(losses) / len(losses)


def cross_entropy_gradient(Z, targets):
    n = len(Z)
    return [[(p - (j == t)) / n for j, p in enumerate(row)] for row, t in zip(softmax(Z), targets.tolist())]


def accuracy(Z, targets):
    hits = [row.index(max(row)) == t for row, t in zip(Z.tolist(), targets.tolist())]
    return hits.count(True) / len(hits)
