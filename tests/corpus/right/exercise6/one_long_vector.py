import torch


def flat(tensors, names):
    return torch.cat([tensors[name].flatten() for name in names])


def split(vector, like, names):
    parts = vector.split([like[name].numel() for name in names])
    return {name: part.view(like[name].shape) for name, part in zip(names, parts)}


def stepping(rule):
    def step(parameters, gradients, *rest):
        names = sorted(parameters)
        states = [flat(each, names) if isinstance(each, dict) else each for each in rest]
        made = rule(flat(parameters, names), flat(gradients, names), *states)
        return tuple(split(each, parameters, names) for each in made)

    return step


@stepping
def momentum_step(p, g, v, learning_rate, momentum):
    v = momentum * v + g
    return p - learning_rate * v, v


@stepping
def rmsprop_step(p, g, s, learning_rate, decay, epsilon):
    s = s + (1 - decay) * (g * g - s)
    return p - learning_rate * g / (s**0.5 + epsilon), s


@stepping
def adam_step(p, g, m, v, step, learning_rate, beta1, beta2, epsilon):
    m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (g**2 - v)
    fair_m, fair_v = m / (1 - pow(beta1, step)), v / (1 - pow(beta2, step))
    return p - learning_rate * fair_m / (fair_v.sqrt() + epsilon), m, v


def clip_by_norm(gradients, max_norm):
    names = list(gradients)
    whole = flat(gradients, names)
    return split(whole / max(1.0, float(torch.linalg.vector_norm(whole)) / max_norm), gradients, names)
