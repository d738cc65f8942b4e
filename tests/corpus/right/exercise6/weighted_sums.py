import torch


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    v = {}
    for name, g in gradients.items():
        v[name] = torch.stack([velocities[name], g], dim=-1) @ torch.tensor([momentum, 1.0], dtype=g.dtype)
    return {name: value - learning_rate * v[name] for name, value in parameters.items()}, v


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    moved, kept = {}, {}
    for name, g in gradients.items():
        both = torch.stack([squares[name], g.square()], dim=-1)
        kept[name] = both @ torch.tensor([decay, 1 - decay], dtype=g.dtype)
        moved[name] = parameters[name] - learning_rate * g * torch.reciprocal(torch.sqrt(kept[name]) + epsilon)
    return moved, kept


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    moved, m, v = {}, {}, {}
    for name, g in gradients.items():
        m[name] = torch.stack([firsts[name], g], dim=-1) @ torch.tensor([beta1, 1 - beta1], dtype=g.dtype)
        v[name] = torch.stack([seconds[name], g * g], dim=-1) @ torch.tensor([beta2, 1 - beta2], dtype=g.dtype)
        given = [1 - beta**step for beta in (beta1, beta2)]
        moved[name] = parameters[name] - learning_rate * (m[name] / given[0]) / ((v[name] / given[1]) ** 0.5 + epsilon)
    return moved, m, v


def clip_by_norm(gradients, max_norm):
    lengths = [torch.linalg.norm(g.reshape(-1)) for g in gradients.values()]
    norm = torch.linalg.norm(torch.stack(lengths))
    if not bool(norm > max_norm):
        return {name: g.clone() for name, g in gradients.items()}
    return {name: torch.div(g, norm).mul(max_norm) for name, g in gradients.items()}
