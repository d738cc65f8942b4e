import torch


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    names = list(parameters)
    p, g, v = ([each[name] for name in names] for each in (parameters, gradients, velocities))
    v = torch._foreach_add(torch._foreach_mul(v, float(momentum)), g)
    p = torch._foreach_sub(p, torch._foreach_mul(v, float(learning_rate)))
    return dict(zip(names, p)), dict(zip(names, v))


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    names = list(parameters)
    p, g, s = ([each[name] for name in names] for each in (parameters, gradients, squares))
    s = torch._foreach_add(torch._foreach_mul(s, decay), torch._foreach_mul(torch._foreach_mul(g, g), 1 - decay))
    size = torch._foreach_add(torch._foreach_sqrt(s), epsilon)
    p = torch._foreach_sub(p, torch._foreach_mul(torch._foreach_div(g, size), float(learning_rate)))
    return dict(zip(names, p)), dict(zip(names, s))


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    names = list(parameters)
    p, g, m, v = ([each[name] for name in names] for each in (parameters, gradients, firsts, seconds))
    m = torch._foreach_lerp(m, g, 1 - beta1)
    v = torch._foreach_addcmul(torch._foreach_mul(v, beta2), g, g, 1 - beta2)
    size = torch._foreach_add(torch._foreach_sqrt(torch._foreach_div(v, 1 - beta2**step)), epsilon)
    p = torch._foreach_addcdiv(p, m, size, -float(learning_rate) / (1 - beta1**step))
    return dict(zip(names, p)), dict(zip(names, m)), dict(zip(names, v))


def clip_by_norm(gradients, max_norm):
    norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(list(gradients.values()))))
    factor = torch.clamp(max_norm / (norm + 1e-300), max=1.0).to(norm.dtype)
    return dict(zip(gradients, torch._foreach_mul(list(gradients.values()), factor)))
