import math


def each(rule, *values):
    if isinstance(values[0], list):
        return [each(rule, *parts) for parts in zip(*values)]
    return rule(*values)


def over(rule, first, *others):
    return {name: each(rule, first[name].tolist(), *(other[name].tolist() for other in others)) for name in first}


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    rate = float(learning_rate)
    v = over(lambda v, g: momentum * v + g, velocities, gradients)
    p = over(lambda p, g, v: p - rate * (momentum * v + g), parameters, gradients, velocities)
    return p, v


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    rate = float(learning_rate)

    def average(s, g):
        return decay * s + (1 - decay) * g * g

    s = over(average, squares, gradients)
    p = over(lambda p, g, s: p - rate * g / (math.sqrt(average(s, g)) + epsilon), parameters, gradients, squares)
    return p, s


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    rate = float(learning_rate)

    def first(m, g):
        return beta1 * m + (1 - beta1) * g

    def second(v, g):
        return beta2 * v + (1 - beta2) * g * g

    def moved(p, g, m, v):
        up, down = first(m, g) / (1 - beta1**step), math.sqrt(second(v, g) / (1 - beta2**step))
        return p - rate * up / (down + epsilon)

    states = over(first, firsts, gradients), over(second, seconds, gradients)
    return over(moved, parameters, gradients, firsts, seconds), *states


def clip_by_norm(gradients, max_norm):
    def numbers(value):
        return [value] if not isinstance(value, list) else [number for part in value for number in numbers(part)]

    plain = {name: value.tolist() for name, value in gradients.items()}
    norm = math.hypot(*(number for value in plain.values() for number in numbers(value)))
    return {name: each(lambda g: g if norm <= max_norm else g / norm * max_norm, value) for name, value in plain.items()}
