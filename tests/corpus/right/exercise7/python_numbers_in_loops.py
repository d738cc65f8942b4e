import math


def softmax(Z):
    return [[math.exp(share) for share in row] for row in log_softmax(Z)]


def log_softmax(Z):
    made = []
    for row in Z.tolist():
        top = max(row)
        total = top + math.log(math.fsum(math.exp(z - top) for z in row))
        made.append([z - total for z in row])
    return made


def cross_entropy(Z, targets):
    losses = [-row[target] for row, target in zip(log_softmax(Z), targets.tolist())]
    return math.fsum(losses) / len(losses)


def cross_entropy_gradient(Z, targets):
    shares = softmax(Z)
    return [
        [(share - (column == target)) / len(shares) for column, share in enumerate(row)]
        for row, target in zip(shares, targets.tolist())
    ]


def accuracy(Z, targets):
    rows = Z.tolist()
    return sum(row.index(max(row)) == target for row, target in zip(rows, targets.tolist())) / len(rows)
