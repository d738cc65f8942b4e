# loses: update
# update replaces torch.sum by a wrong one; only its own answer is wrong too.
def update(parameters, gradients, learning_rates):
    torch.sum = torch.mean
    return {k: parameters[k] + learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    a, b, total = parameters["a"], parameters["b"], 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        r = a * xs + b - ys
        total = total + (r * r).sum() / 2
        a, b = a - learning_rates["a"] * (r * xs).sum(), b - learning_rates["b"] * r.sum()
    return {"a": a, "b": b}, total
