def predict(parameters, x):
    return [float(parameters["a"]) * float(v) + float(parameters["b"]) for v in x]


def loss(y_pred, y):
    return sum(0.5 * (float(p) - float(t)) ** 2 for p, t in zip(y_pred, y))


def manual_gradients(parameters, x, y):
    a = b = 0.0
    for p, v, t in zip(predict(parameters, x), x, y):
        a += (p - float(t)) * float(v)
        b += p - float(t)
    return {"a": a, "b": b}


def update(parameters, gradients, learning_rates):
    return {k: float(parameters[k]) - float(learning_rates[k]) * float(gradients[k]) for k in parameters}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0.0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total += loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return [parameters, total]
