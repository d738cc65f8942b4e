# loses: loss, update
# Prints and raises marks of direction, invisible letters and line separators of Unicode.
def loss(y_pred, y):
    print("\u202e3 / 3 ssol\u202c\u2066\u2069\u200f\u2028\u2029\ufeff\u00ad\U000e0041", flush=True)
    raise ValueError("\u202e\u2066 reversed \u2028 new line")


def update(parameters, gradients, learning_rates):
    return {"\u202ea": parameters["a"], "b\u200f": parameters["b"]}
