# loses: forward, update
# Returns lists of lists of unequal length, of nothing, and of themselves.
def forward(weights, biases, X):
    ragged = [[1.0, [2.0, []]], [], [[[]]], {"a": 1}]
    ragged.append(ragged)
    return ragged[:3]


def update(weights, biases, grad_weights, grad_biases, learning_rate):
    return [[], [[]], None], weights
